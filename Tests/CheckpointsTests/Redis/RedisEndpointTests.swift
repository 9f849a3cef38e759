import Records
import Testing

@testable import Checkpoints

@Suite("Redis URLs")
struct RedisEndpointTests {
    @Test("host, port and database have defaults")
    func defaults() throws {
        let endpoint = try RedisEndpoint(url: "redis://cache")
        #expect(endpoint.host == "cache" && endpoint.port == 6379 && endpoint.database == 0 && !endpoint.usesTLS)
        #expect(endpoint.user == nil && endpoint.password == nil)
    }

    @Test("every part is read")
    func full() throws {
        let endpoint = try RedisEndpoint(url: "rediss://agent:p%40ss%3A%25word@cache.example.org:6380/15")
        #expect(endpoint.usesTLS && endpoint.host == "cache.example.org" && endpoint.port == 6380 && endpoint.database == 15)
        #expect(endpoint.user == "agent" && endpoint.password == "p@ss:%word")
    }

    @Test("a password may stand without a user, and hold characters that should have been escaped")
    func passwords() throws {
        #expect(try RedisEndpoint(url: "redis://:secret@h").password == "secret")
        #expect(try RedisEndpoint(url: "redis://:secret@h").user == nil)
        #expect(try RedisEndpoint(url: "redis://u:a/b@c:d@h:1/2").password == "a/b@c:d")
        #expect(try RedisEndpoint(url: "redis://u:a/b@c:d@h:1/2").database == 2)
    }

    @Test("addresses of IPv6 stand in brackets")
    func brackets() throws {
        let endpoint = try RedisEndpoint(url: "redis://[::1]:7000/1")
        #expect(endpoint.host == "::1" && endpoint.port == 7000 && endpoint.address == "[::1]:7000")
        #expect(try RedisEndpoint(url: "redis://[fe80::1]").port == 6379)
    }

    @Test(
        "what cannot be read is refused, without the password in the failure",
        arguments: [
            "", "cache:6379", "http://:hunter2@h", "redis://:hunter2@", "redis://:hunter2@h:port", "redis://:hunter2@h:0",
            "redis://:hunter2@h:70000", "redis://:hunter2@h/zero", "redis://:hunter2@h/-1", "redis://:hunter2@[::1",
            "redis://:hunter2@[::1]x",
            "redis://:hunter2@h/0?db=1", "redis://hunter2@h",
        ])
    func refused(_ url: String) {
        #expect {
            try RedisEndpoint(url: url)
        } throws: { error in
            (error as? Failure)?.code == "redis_url_invalid" && !"\(error)".contains("hunter2")
        }
    }

    @Test("the variables of async-kinesis name a server, each in part")
    func environment() throws {
        #expect(RedisConfiguration.url(from: [:], isCluster: false) == "redis://127.0.0.1:6379/0")
        let all = ["REDIS_HOST": "cache", "REDIS_PORT": "7000", "REDIS_PASSWORD": "p@ss:w%/d", "REDIS_DB": "3"]
        let endpoint = try RedisEndpoint(url: RedisConfiguration.url(from: all, isCluster: false))
        #expect(endpoint.host == "cache" && endpoint.port == 7_000 && endpoint.password == "p@ss:w%/d" && endpoint.database == 3)
        #expect(endpoint.user == nil && !endpoint.usesTLS)
        #expect(try RedisEndpoint(url: RedisConfiguration.url(from: all, isCluster: true)).database == 0)
        #expect(RedisConfiguration.url(from: ["REDIS_HOST": "::1", "REDIS_PASSWORD": ""], isCluster: false) == "redis://[::1]:6379/0")
    }

    @Test("a cluster has no databases but the first")
    func clusterDatabase() {
        #expect(RedisConfiguration.problem(ofURL: "redis://:hunter2@h/2", isCluster: true)?.message.contains("database 2") == true)
        #expect(RedisConfiguration.problem(ofURL: "redis://:hunter2@h/0", isCluster: true) == nil)
        #expect(RedisConfiguration.problem(ofURL: "redis://:hunter2@h/2", isCluster: false) == nil)
    }

    @Test("a configuration is printed without its URL")
    func printed() {
        #expect(!"\(RedisConfiguration(url: "redis://:hunter2@h", group: "g"))".contains("hunter2"))
    }

    @Test("all keys of a source have one hash tag, and no two sources share a key")
    func keys() {
        let pairs = [("a", "b:c"), ("a:b", "c"), ("a%3Ab", "c"), ("a}", "c"), ("a", "{c}"), ("a", "%7Bc%7D"), ("a", "c")]
        var seen = Set<String>()
        for (group, scope) in pairs {
            let keys = RedisKeys(group: group, scope: scope)
            let all = [keys.start, keys.shards, keys.workers, keys.row("}{shard")]
            let tags = all.map { key in key.prefix(through: key.firstIndex(of: "}")!) }
            #expect(Set(tags).count == 1)
            #expect(tags[0].hasPrefix("{kinesis-agent:"))
            #expect(seen.isDisjoint(with: all))
            seen.formUnion(all)
        }
        #expect(
            RedisKeys(group: "orders", scope: "stream").row("shardId-000000000000")
                == "{kinesis-agent:orders:stream}:lease:shardId-000000000000")
    }
}
