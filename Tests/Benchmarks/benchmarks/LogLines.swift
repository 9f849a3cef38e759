import Records

/// Lines of an access log of about 300 bytes, of which one in ten is an error below /api.
enum LogLines {
    static func text(count: Int) -> [UInt8] {
        var random = SplitMix64(seed: 42)
        var text: [UInt8] = []
        for number in 0..<count {
            let isError = Int.random(in: 0..<10, using: &random) == 0
            let status = isError ? 500 + number % 4 : [200, 201, 204, 301, 404][number % 5]
            let path = number % 3 == 0 ? "/static/app-\(number % 97).js" : "/api/orders/\(number)"
            text +=
                """
                {"time":"2026-01-02T03:04:05.678Z","level":"\(isError ? "error" : "info")","status":\(status),"method":"GET",\
                "path":"\(isError ? "/api/orders/\(number)" : path)","duration":\(Double(number % 1000) / 1000 + 0.0005),"bytes":\(number * 7),\
                "user":{"id":"u-\(number % 1009)","name":"Anna Example"},"agent":"Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101",\
                "tags":["web","eu-west-1"],"cached":false}

                """.utf8
        }
        return text
    }
}
