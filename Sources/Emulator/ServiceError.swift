/// An error as the Kinesis API reports it: a code of its model (AWS: Kinesis API Reference, "Errors" of each action) and a sentence.
struct ServiceError: Error, Hashable {
    var code: String
    var message: String
    /// The HTTP status: Kinesis answers every fault of the client, throttling included, with 400.
    var status = 400

    static func resourceNotFound(_ message: String) -> ServiceError {
        ServiceError(code: "ResourceNotFoundException", message: message)
    }

    static func resourceInUse(_ message: String) -> ServiceError {
        ServiceError(code: "ResourceInUseException", message: message)
    }

    static func invalidArgument(_ message: String) -> ServiceError {
        ServiceError(code: "InvalidArgumentException", message: message)
    }

    static func limitExceeded(_ message: String) -> ServiceError {
        ServiceError(code: "LimitExceededException", message: message)
    }

    static func validation(_ message: String) -> ServiceError {
        ServiceError(code: "ValidationException", message: message)
    }

    static func serialization(_ message: String) -> ServiceError {
        ServiceError(code: "SerializationException", message: message)
    }

    static func expiredIterator(_ message: String) -> ServiceError {
        ServiceError(code: "ExpiredIteratorException", message: message)
    }

    static func expiredNextToken(_ message: String) -> ServiceError {
        ServiceError(code: "ExpiredNextTokenException", message: message)
    }

    static func unknownOperation(_ message: String) -> ServiceError {
        ServiceError(code: "UnknownOperationException", message: message)
    }

    static let internalFailure = ServiceError(
        code: "InternalFailure", message: "The request processing has failed because of an unknown error, exception or failure.",
        status: 500)
}
