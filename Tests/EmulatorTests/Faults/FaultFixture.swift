import Pipeline
import Testing

@testable import Emulator

/// The faults of a file's text, which has to be sound.
func faults(_ text: String) throws -> FaultConfiguration {
    let (value, diagnostics) = FaultConfiguration.decode(PipelineFile(name: "faults.yaml", text: text))
    #expect(diagnostics.isEmpty, "\(diagnostics)")
    return try #require(value)
}
