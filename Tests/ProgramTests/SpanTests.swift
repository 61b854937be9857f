import Foundation
import Testing

@testable import Program

@Suite struct SpanTests {
    @Test(arguments: [
        "http://localhost:4318", "http://localhost:4318/", "http://localhost:4318/v1/traces", " http://localhost:4318//",
    ])
    func theWholeAddressIsMadeOfTheBase(endpoint: String) throws {
        #expect(try SpanTarget(endpoint: endpoint, headers: [])?.url == "http://localhost:4318/v1/traces")
    }

    @Test(arguments: [nil, "", "  "] as [String?])
    func withoutAnAddressNothingIsSent(endpoint: String?) throws {
        #expect(try SpanTarget(endpoint: endpoint, headers: ["no header"]) == nil)
    }

    @Test(arguments: [
        "localhost:4318", "ftp://x", "http://me:secret@x", "http://x?key=1", "http://x y", "http://x\n", "http://x#a",
    ])
    func whatIsNoAddressStopsTheStart(endpoint: String) {
        #expect(throws: ConfigurationProblem.self) { try SpanTarget(endpoint: endpoint, headers: []) }
    }

    @Test func linesForTheCollectorAreNeverShown() throws {
        let target = try SpanTarget(endpoint: "https://x", headers: ["Authorization=Basic YQ==", "a=b"])
        #expect(target?.headers == [.init(name: "Authorization", value: "Basic YQ=="), .init(name: "a", value: "b")])
        let problem = #expect(throws: ConfigurationProblem.self) {
            try SpanTarget(endpoint: "https://x", headers: ["hush-hush"])
        }
        #expect(problem.map { "\($0)".contains("hush") } == false)
    }

    @Test func numbersAreTexts() throws {
        let span = OTLPBody.Span(
            traceId: "t", spanId: "s", parentSpanId: nil, name: "chat m", kind: 2, startTimeUnixNano: "1", endTimeUnixNano: "2",
            attributes: [
                .init(key: "n", value: .number(7)), .init(key: "d", value: .decimal(0.5)), .init(key: "l", value: .texts(["a"])),
            ], status: .init(code: 0))
        let json = try OTLPBody(spans: [span], node: "desk", fleet: "home").json()
        let text = String(decoding: json, as: UTF8.self)
        #expect(text.contains(#""intValue":"7""#) && text.contains(#""doubleValue":0.5"#) && !text.contains("parentSpanId"))
        #expect(text.contains(#""arrayValue":{"values":[{"stringValue":"a"}]}"#))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
        #expect((object["resourceSpans"] as? [Any])?.count == 1)
    }
}
