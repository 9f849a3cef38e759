import Records

/// Finds the region that requests go to and are signed for.
enum Region {
    static func resolve(
        explicit: String?, environment: Environment, profiles: Profiles, metadata: InstanceMetadata
    ) async throws(Failure) -> String {
        let stated = explicit ?? environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? profiles.active?["region"]
        if let stated { return try checked(stated) }
        switch await metadata.region() {
        case .success(let region):
            return try checked(region)
        case .failure(let error):
            throw Failure(
                "aws_region_missing",
                "no AWS region was found. Tried: `region:` (not set); AWS_REGION (not set); AWS_DEFAULT_REGION (not set); "
                    + "region of the profile \"\(profiles.activeName)\" (not set); \(error)",
                hint: "Set `region:` in the pipeline's `aws:` section, or AWS_REGION.")
        }
    }

    /// The region becomes a part of host names, so it must be a label of one.
    private static func checked(_ region: String) throws(Failure) -> String {
        let isLabel =
            (1...63).contains(region.utf8.count)
            && region.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-")
            }
        guard isLabel else {
            throw Failure("aws_region_invalid", "\"\(region)\" is not the name of an AWS region", hint: "For example eu-west-1.")
        }
        return region
    }
}
