import Testing

@testable import Translation

/// JSON that keeps what came.
@Suite struct JSONTests {
    @Test(arguments: [
        #"{"b":1,"a":{"z":[],"y":{}},"b":2}"#, "[0.10,-0,1e400,123456789012345678901234567890,1E+2]", #""ä\u0001\\\"\n""#,
        "null", "true", #"["\u001f"]"#,
    ]) func whatIsReadIsWrittenAsItCame(text: String) throws {
        #expect(try JSON.read(text).text == text)
    }

    @Test func escapesAreResolved() throws {
        #expect(try JSON.read(#""\u00e4\ud83d\ude00\/\b\f\t\r""#).string == "ä😀/\u{8}\u{C}\t\r")
        #expect(try JSON.read(#""\ud83dx""#).string == "\u{FFFD}x")
        #expect(try JSON.read(#""\ud83d\u0041""#).string == "\u{FFFD}A")
    }

    @Test func theLastOfRepeatedKeysCounts() throws {
        var object = try #require(try JSON.read(#"{"a":1,"b":null,"a":2}"#).object)
        #expect(object["a"]?.integer == 2)
        #expect(object["b"] == nil)
        #expect(object.take("a")?.integer == 2)
        #expect(object.members.map(\.key) == ["b"])
    }

    @Test(arguments: [
        ("", "it ends too early", 0), ("{", "it ends too early", 1), ("{a", "a key was expected", 1),
        (#"{"a" 1}"#, "a colon was expected", 5), (#"{"a":1 2}"#, "a comma or } was expected", 7),
        ("[1 2]", "a comma or ] was expected", 3), ("[1,]", "a value was expected", 3), ("1 2", "something follows the value", 2),
        ("tru", "it ends too early", 3), ("trux", "true was expected", 3), ("-", "it ends too early", 1),
        ("-x", "a digit was expected", 1), ("1.", "it ends too early", 2), ("1e", "it ends too early", 2),
        ("\"a", "it ends within a string", 2), (#""\x""#, "a string has an unknown escape", 3),
        (#""\u12g4""#, "a hexadecimal digit was expected", 5), ("\"\n\"", "a string has a control character", 1),
        (#""\n"# + "\n\"", "a string has a control character", 3), ("01", "something follows the value", 1),
        (#""\u12"#, "it ends within a string", 5), (#""\"#, "it ends within a string", 2),
    ]) func whatIsNoJSONIsRefused(text: String, message: String, offset: Int) {
        #expect(throws: JSONError(message: message, offset: offset)) { try JSON.read(text) }
    }

    @Test func nestingAndValuesAreBounded() {
        var limits = TranslationLimits()
        limits.maximumNesting = 3
        limits.maximumValues = 5
        #expect(throws: JSONError(message: "it nests deeper than 3 levels", offset: 3)) {
            try JSONParser.parse(Array("[[[[]]]]".utf8), limits: limits)
        }
        #expect(throws: JSONError(message: "it has more than 5 values", offset: 9)) {
            try JSONParser.parse(Array("[1,2,3,4,5,6]".utf8), limits: limits)
        }
        #expect(throws: Never.self) { try JSONParser.parse(Array("[[[]],1,2]".utf8), limits: limits) }
        // The usual depth fits the stack of an event loop's thread.
        let deep = Array(String(repeating: "[", count: 200_000).utf8)
        #expect(throws: JSONError.self) { try JSONParser.parse(deep, limits: TranslationLimits()) }
    }

    @Test func numbersAreReadAsFarAsTheyFit() throws {
        #expect(try JSON.read("1e3").integer == 1_000)
        #expect(try JSON.read("1.5").integer == nil)
        #expect(try JSON.read("9223372036854775808").integer == nil)
        #expect(try JSON.read("1e400").double == nil)
        #expect(try JSON.read("2.5").double == 2.5)
    }

    @Test func bytesThatAreNoTextBecomeReplacementCharacters() throws {
        #expect(try JSON.read([0x22, 0xFF, 0x22]).string == "\u{FFFD}")
    }
}
