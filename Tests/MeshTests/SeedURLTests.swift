import Gossip
import Testing

@testable import Mesh

@Suite struct SeedURLTests {
    @Test(
        arguments: [
            ("http://studio:11435", "studio", 11_435), ("http://studio:11445/", "studio", 11_445), ("studio", "studio", nil),
            ("studio.local:9", "studio.local", 9), ("http://studio", "studio", nil), ("HTTP://Studio:80", "Studio", 80),
            ("10.0.0.7", "10.0.0.7", nil), ("10.0.0.7:65535", "10.0.0.7", 65_535), ("[::1]", "::1", nil),
            ("[fd00::7]:11445", "fd00::7", 11_445),
            ("http://[fd00::7]:11435/", "fd00::7", 11_435), ("fd00::7", "fd00::7", nil), ("fe80::1%3", "fe80::1%3", nil),
            ("  studio  ", "studio", nil), ("a_b-c.d", "a_b-c.d", nil),
        ] as [(String, String, Int?)])
    func accepted(text: String, host: String, port: Int?) throws {
        let url = try SeedURL(text)
        #expect(url.host == host)
        #expect(url.port.map(Int.init) == port)
        #expect(url.text == text)
    }

    @Test func numericHostsAreAddresses() throws {
        #expect(try SeedURL("10.0.0.7").address == .v4(0x0A00_0007))
        #expect(try SeedURL("[::1]:1").address == .v6(high: 0, low: 1, scope: 0))
        #expect(try SeedURL("fe80::1%3").address == .v6(high: 0xFE80 << 48, low: 1, scope: 3))
        #expect(try SeedURL("::ffff:10.0.0.7").address == .v4(0x0A00_0007))
        #expect(try SeedURL("studio").address == nil)
    }

    @Test(arguments: [
        ("", "empty"), ("   ", "empty"), ("https://studio", "scheme"), ("ftp://studio", "scheme"), ("http://", "host"),
        ("http://studio:11435/api", "path"), ("studio?x", "path"), ("studio#x", "path"), ("http://me:pw@studio", "credentials"),
        ("studio:", "port"), ("studio:0", "port"), ("studio:65536", "port"), ("studio:http", "port"), ("studio:-1", "port"),
        ("studio:+1", "port"), (":11435", "host"), ("[::1", "host"), ("[::1]x", "host"), ("[studio]", "host"), ("a b", "host"),
        ("a:b:c", "host"), ("1.2.3", "host"), ("999.1.1.1", "host"), ("0.0.0.0", "host"), ("[::]:1", "host"), ("stüdio", "host"),
        (".local", "host"),
    ])
    func refused(text: String, kind: String) {
        #expect {
            try SeedURL(text)
        } throws: { error in
            String("\(error as? SeedURLError ?? .tooLong)").contains("--router-url") && Self.kind(error) == kind
        }
    }

    @Test func longTextIsRefused() {
        #expect(throws: SeedURLError.tooLong) { try SeedURL(String(repeating: "a", count: 10_000)) }
    }

    private static func kind(_ error: any Error) -> String {
        switch error as? SeedURLError {
        case .empty: "empty"
        case .tooLong: "long"
        case .scheme: "scheme"
        case .path: "path"
        case .credentials: "credentials"
        case .host: "host"
        case .port: "port"
        case nil: "another error"
        }
    }
}
