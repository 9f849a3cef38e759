/// The `aws:` section: what Kinesis nodes use unless they say otherwise.
public struct AWSDefaults: ComponentConfig {
    /// Such as `eu-west-1`.
    public var region: String?
    /// Nil for AWS's own.
    public var endpoint: EndpointSetting?
    /// A profile of the shared AWS configuration files.
    public var profile: String?
    /// The ARN of a role.
    public var assumeRole: String?
    /// How requests with records are written; nil by what they are sent to.
    public var wire: WireSetting?

    /// Nothing is set.
    public init() {}

    /// The keys of the section.
    public static let fields: [Field<Self>] = [
        Field("region", \.region, otherwise: "as the AWS SDKs find it (`AWS_REGION`, the profile)", "The AWS region."),
        Field("endpoint", \.endpoint, otherwise: "AWS's own", "`embedded` for the embedded stream, or a URL."),
        Field("profile", \.profile, otherwise: "`AWS_PROFILE`", "A profile of the shared AWS configuration files."),
        Field("assume_role", \.assumeRole, otherwise: "none", "The ARN of a role to assume."),
        Field(
            "wire", \.wire, otherwise: "`auto` for AWS and the embedded stream, `json` for other endpoints",
            "How PutRecords and GetRecords are written: json, cbor (a quarter fewer bytes, no base64), or auto, which is cbor until the "
                + "endpoint refuses it."),
    ]

    /// A role has an ARN.
    public func validate(_ node: YAMLNode, in context: inout DecodingContext) {
        guard let assumeRole, let role = node["assume_role"], !assumeRole.hasPrefix("arn:") else { return }
        context.error(
            "invalid_value", "expected the ARN of a role, found \(context.description(of: role))", at: role,
            hint: "it looks like arn:aws:iam::123456789012:role/name")
    }
}
