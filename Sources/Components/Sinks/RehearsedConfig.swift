public import Pipeline
public import Records

/// A sink's configuration that can tell, without the sink, whether a record could be written: for tests of pipelines.
public protocol RehearsedConfig: ComponentConfig {
    /// Evaluates the sink's expressions and encodes the record. Throws what the running sink would refuse the record for.
    func rehearse(_ record: Record) throws(Failure)
}
