import Kinesis
public import Pipeline

/// A node that names a stream, whichever way its records go.
public protocol StreamNodeConfig: ComponentConfig {
    var stream: String { get }
    var region: String? { get }
    var endpoint: EndpointSetting? { get }
}

extension KinesisSource.Config: StreamNodeConfig {}
extension KinesisSink.Config: StreamNodeConfig {}

extension SourceComponent {
    /// What a pipeline file may say of it.
    public static var declaration: ComponentDeclaration {
        ComponentDeclaration(kind, Config.self, summary) { config in
            // Positions go by the stream's name, also where the file writes its ARN.
            (config as? any StreamNodeConfig).map { StreamIdentifier($0.stream)?.name ?? $0.stream }
        }
    }
}

extension SinkComponent {
    /// What a pipeline file may say of it.
    public static var declaration: ComponentDeclaration { ComponentDeclaration(kind, Config.self, summary) }
}

extension StoreComponent {
    /// What a pipeline file may say of it.
    public static var declaration: ComponentDeclaration {
        ComponentDeclaration(kind, Config.self, summary, keepsPositions: keepsPositions)
    }
}
