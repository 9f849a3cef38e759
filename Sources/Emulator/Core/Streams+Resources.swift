/// What streams and consumers have in common: tags and a policy, by ARN.
enum ResourceName: Sendable, Hashable {
    case stream(String)
    case consumer(ConsumerARN)
}

extension Streams {
    /// Throws ResourceNotFoundException.
    func tags(of resource: ResourceName, at now: Int64) throws(ServiceError) -> [String: String] {
        switch resource {
        case .stream(let name): try stream(name, at: now).settings.tags
        case .consumer(let arn): try consumer(arn, at: now).consumer.tags
        }
    }

    /// Throws ResourceNotFoundException, InvalidArgumentException for tags that no resource may have.
    mutating func addTags(_ tags: [String: String], to resource: ResourceName, at now: Int64) throws(ServiceError) -> [StoreChange] {
        let present = try self.tags(of: resource, at: now)
        let title =
            switch resource {
            case .stream(let name): "stream \(name) under account \(accountID)"
            case .consumer(let arn): "consumer \(arn.text)"
            }
        try TagRules.check(adding: tags, to: present, of: title)
        return setTags(present.merging(tags) { _, new in new }, of: resource, at: now)
    }

    /// Keys that the resource does not have are no error.
    mutating func removeTags(_ keys: [String], from resource: ResourceName, at now: Int64) throws(ServiceError) -> [StoreChange] {
        let present = try tags(of: resource, at: now)
        return setTags(present.filter { !keys.contains($0.key) }, of: resource, at: now)
    }

    /// Throws ResourceNotFoundException when there is no such resource.
    func policy(of resource: ResourceName, at now: Int64) throws(ServiceError) -> String? {
        switch resource {
        case .stream(let name): try stream(name, at: now).settings.policy
        case .consumer(let arn): try consumer(arn, at: now).consumer.policy
        }
    }

    /// Nil takes the policy away.
    mutating func setPolicy(_ policy: String?, of resource: ResourceName, at now: Int64) throws(ServiceError) -> [StoreChange] {
        switch resource {
        case .stream(let name):
            try checkActive(name, at: now)
            return change(name) { $0.settings.policy = policy }
        case .consumer(let arn):
            let (stream, consumer) = try consumer(arn, at: now)
            guard consumer.status(at: now) == .active else { throw notActive(consumer, ofStream: stream.name) }
            return changeConsumer(arn.name, ofStream: stream.name, at: now) { $0.policy = policy }
        }
    }

    private mutating func setTags(_ tags: [String: String], of resource: ResourceName, at now: Int64) -> [StoreChange] {
        switch resource {
        case .stream(let name): change(name) { $0.settings.tags = tags }
        case .consumer(let arn): changeConsumer(arn.name, ofStream: arn.stream.name, at: now) { $0.tags = tags }
        }
    }
}
