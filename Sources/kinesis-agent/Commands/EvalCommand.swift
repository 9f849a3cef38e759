import ArgumentParser
import Expressions
import JSON
import Pipeline
import Records

struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Evaluates an expression with `record` bound to each JSON line of stdin.",
        discussion: """
            Each result is printed as a line of JSON. A line that fails says why on stderr, the rest goes on, and the exit code is 1.

              echo '{"net": 10.0, "vat": 2.0}' | kinesis-agent eval 'record.net + record.vat'
            """)

    @Argument(help: "The expression, as `set` and `filter` take it.")
    var expression: String

    func run() throws {
        let program = try compile()
        var input = InputLines()
        var number = 0
        var hasFailed = false
        while let line = input.next() {
            number += 1
            guard line.contains(where: { $0 > 0x20 }) else { continue }
            do {
                try StandardOutput.write(try Self.evaluate(program, line, number) + [UInt8(ascii: "\n")])
            } catch let failure as Failure where failure.code == Self.lineFailed {
                hasFailed = true
                StandardError.write("line \(number): \(failure.message)\n")
            } catch {
                throw Termination.report(error)
            }
        }
        if hasFailed { throw ExitCode.failure }
    }

    private static let lineFailed = "line_failed"

    /// The result as JSON. Throws a `Failure` with the code `lineFailed`.
    private static func evaluate(_ program: Program, _ line: [UInt8], _ number: Int) throws(Failure) -> [UInt8] {
        let value: Value
        do throws(JSONError) {
            value = try JSON.parse(line)
        } catch {
            throw Failure(lineFailed, "no JSON: \(error)")
        }
        do {
            return try JSON.bytes(
                try program.evaluate(Record(value, origin: Origin(ReadPlace(source: "stdin"), ReadEntry(raw: line[...])))))
        } catch let error as EvaluationError {
            throw Failure(lineFailed, error.description)
        } catch {
            throw Failure(lineFailed, "the result cannot be written as JSON: \(error)")
        }
    }

    /// The expression, or the end of the command with what is wrong in it.
    private func compile() throws -> Program {
        do throws(ExpressionError) {
            return try Program(parsing: expression)
        } catch {
            let file = PipelineFile(name: "expression", text: expression)
            let diagnostic = Diagnostic("invalid_expression", error.message, at: location(of: error, in: file.name), hint: error.hint)
            StandardError.write(DiagnosticRenderer(files: [file], usesColor: StandardError.usesColor).render(diagnostic))
            throw ExitCode(64)
        }
    }

    private func location(of error: ExpressionError, in file: String) -> SourceLocation {
        let before = String(decoding: expression.utf8.prefix(error.offset), as: UTF8.self).unicodeScalars
        let line = before.split(separator: "\n", omittingEmptySubsequences: false)
        let part = String(decoding: expression.utf8.dropFirst(error.offset).prefix(error.length), as: UTF8.self).unicodeScalars
        return SourceLocation(
            file: file, line: line.count, column: (line.last?.count ?? 0) + 1, length: max(1, part.prefix { $0 != "\n" }.count))
    }
}
