/// The string extension.
enum StringFunctions {
    static let all: [Function] = []
}
