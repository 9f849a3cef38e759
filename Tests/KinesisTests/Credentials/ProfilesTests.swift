import Records
import Testing

@testable import Kinesis

@Suite("AWS configuration files")
struct ProfilesTests {
    @Test("sections, properties, nested properties and comments")
    func syntax() throws {
        let file = try INIFile(
            Array(
                """
                # a comment
                ; another
                [default]
                Region = eu-west-1
                key=a=b # c
                empty =
                [ profile   prod ]\r
                region=us-east-1\r
                [services local]
                kinesis =
                  endpoint_url = http://127.0.0.1:4567
                  other = x
                s3 =
                  endpoint_url = http://s3
                [default]
                output = json
                """.utf8))
        #expect(file.sections["default"]?.properties == ["region": "eu-west-1", "key": "a=b # c", "empty": "", "output": "json"])
        #expect(file.sections["profile prod"]?.properties == ["region": "us-east-1"])
        #expect(file.sections["services local"]?.nested["kinesis"] == ["endpoint_url": "http://127.0.0.1:4567", "other": "x"])
        #expect(file.sections["services local"]?.nested["s3"] == ["endpoint_url": "http://s3"])
    }

    @Test(
        "what cannot be read is refused with its line",
        arguments: [("[default\n", 1), ("a = b\n", 1), ("[default]\nnonsense\n", 2), ("[default]\n= x\n", 2), ("\n\n[]\n", 3)])
    func refused(text: String, line: Int) {
        #expect { try INIFile(Array(text.utf8)) } throws: { ($0 as? INIFile.SyntaxError)?.line == line }
    }

    @Test("a syntax error names the file and never quotes the line")
    func noQuotes() {
        let environment = Environment.fake(["AWS_CONFIG_FILE": "/c"], files: ["/c": "[default]\nhunter2\n"])
        #expect {
            try Profiles(environment: environment)
        } throws: {
            guard let failure = $0 as? Failure else { return false }
            return failure.message.contains("line 2 of /c") && !failure.message.contains("hunter2")
        }
    }

    @Test("the credentials file comes before the configuration file, and both are looked for at home")
    func merged() throws {
        let environment = Environment.fake(
            ["HOME": "/home/u"],
            files: [
                "/home/u/.aws/config": "[profile p]\nregion = a\naws_access_key_id = config\n[default]\nregion = d",
                "/home/u/.aws/credentials": "[p]\naws_access_key_id = credentials",
            ])
        let named = try Profiles(environment: environment, named: "p")
        #expect(named.active?["aws_access_key_id"] == "credentials" && named.active?["region"] == "a")
        #expect(try Profiles(environment: environment).active?["region"] == "d")
        #expect(try Profiles(environment: .fake()).active == nil)
    }

    @Test("a profile of the configuration file needs its prefix, that of the credentials file has none")
    func prefixes() throws {
        let environment = Environment.fake(["AWS_CONFIG_FILE": "/c"], files: ["/c": "[p]\nregion = a\n[profile default]\nregion = b"])
        let profiles = try Profiles(environment: environment)
        #expect(profiles.profile("p") == nil)
        #expect(profiles.active?["region"] == "b")
    }
}

@Suite("XML of STS")
struct FlatXMLTests {
    @Test("texts are found by their elements")
    func texts() throws {
        let xml = try #require(FlatXML(Array("<?xml version=\"1.0\"?>\n<a x='1'><b>1 &lt; 2</b><c/> <d><e>f</e></d></a>\n".utf8)))
        #expect(xml["b"] == "1 < 2" && xml["e"] == "f")
        #expect(xml["a"] == nil && xml["c"] == nil && xml["d"] == nil)
    }

    @Test(
        "documents that do not nest, repeat a text, or define entities are refused",
        arguments: [
            "", "text", "<a>", "<a></b>", "<a><b></a></b>", "<a/><b/>", "<a></a>x", "x<a></a>", "<a><b>1</b><b>2</b></a>",
            "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "<a>&x;</a>", "<a>&amp</a>", "<a><!-- c --></a>", "<a", "</a>", "<>x</>",
            "<a><![CDATA[x]]></a>", "{}",
        ])
    func refused(text: String) {
        #expect(FlatXML(Array(text.utf8)) == nil)
    }
}
