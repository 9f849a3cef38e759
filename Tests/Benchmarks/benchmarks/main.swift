import Foundation

// benchmarks FILE: measures over the file's JSON lines. benchmarks --write FILE: writes some, the same every time.
let arguments = CommandLine.arguments.dropFirst()
switch (arguments.first, arguments.count) {
case ("--write", 2):
    try Data(LogLines.text(count: 50_000)).write(to: URL(filePath: arguments[arguments.startIndex + 1]))
case (let path?, 1):
    let text = try [UInt8](Data(contentsOf: URL(filePath: path)))
    try LineBenchmarks(text: text).run()
    WireBenchmarks().run()
default:
    FileHandle.standardError.write(Data("usage: benchmarks FILE, or benchmarks --write FILE\n".utf8))
    exit(64)
}
