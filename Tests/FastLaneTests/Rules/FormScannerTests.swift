import Gossip
import NIOCore
import Testing

@testable import FastLane

@Suite struct FormScannerTests {
    private func scan(
        _ text: String, type: String? = "multipart/form-data; boundary=b", findsAudio: Bool = false
    ) throws -> (scan: BodyScan, form: FormScan) {
        try FormScanner.scan(ByteBuffer(string: text), contentType: type, findsAudio: findsAudio)
    }

    private func message(_ text: String, type: String? = "multipart/form-data; boundary=b") -> String? {
        do {
            _ = try scan(text, type: type)
            return nil
        } catch let error as ScanError {
            return error.message
        } catch {
            return "other: \(error)"
        }
    }

    private func part(_ name: String, _ value: String, more: String = "") -> String {
        "--b\r\nContent-Disposition: form-data; name=\"\(name)\"\(more)\r\n\r\n\(value)\r\n"
    }

    @Test func findsTheModelWhereverItStands() throws {
        let file = part("file", "\u{0}--b \r\n--a\r\n\r", more: "; filename=\"name=\\\"model\"\r\nContent-Type: audio/wav")
        for text in [file + part("model", "whisper") + "--b--", part("model", "whisper") + file + "--b--\r\n"] {
            let found = try scan("preamble\r\n" + text)
            let range = try #require(found.scan.modelRange)
            #expect(found.scan.model == "whisper" && found.form.start == 10)
            #expect(String(decoding: Array(("preamble\r\n" + text).utf8)[range], as: UTF8.self) == "whisper")
        }
    }

    @Test func theFileOfOllamaHerdsClientsIsFound() throws {
        let text = part("audio", "x", more: "; filename=\"audio\"") + part("model", "m") + "--b--"
        let found = try scan(text, findsAudio: true)
        let range = try #require(found.form.audioName)
        #expect(String(decoding: Array(text.utf8)[range], as: UTF8.self) == "audio" && found.scan.model == "m")
        #expect(try scan(part("file", "x") + "--b--", findsAudio: true).form.audioName == nil)
    }

    @Test func aFormWithoutAModelIsWhole() throws {
        let found = try scan(part("file", "x") + "--b--")
        #expect(found.scan.model == nil && found.form.delimiter == Array("--b".utf8))
        // A model is a word, no file.
        #expect(try scan(part("model", String(repeating: "m", count: 1_025)) + "--b--").scan.model == nil)
    }

    @Test(
        arguments: [
            ("multipart/form-data; boundary=abc", "abc"), ("multipart/form-data; charset=utf-8; boundary=\"a b\"", "a b"),
            ("Multipart/Form-Data;BOUNDARY=x", "x"), ("multipart/form-data", nil), ("multipart/form-data; boundary=", nil),
            ("multipart/form-data; boundary=\"\"", nil),
            ("multipart/form-data; boundary=" + String(repeating: "x", count: 71), nil),
        ] as [(String, String?)])
    func boundaries(type: String, boundary: String?) {
        #expect(FormScanner.boundary(of: type) == boundary)
    }

    @Test func whatIsNoFormIsRefused() {
        let wrong = "failed to parse multipart form: request Content-Type isn't multipart/form-data"
        #expect(message("{}", type: "application/json") == wrong && message("{}", type: nil) == wrong)
        for text in [
            "", "x", "--b", "--b\r\n", "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm", "x--b\r\n\r\n\r\n--b--",
        ] {
            #expect(message(text)?.hasPrefix("failed to parse multipart form: ") == true, "\(text)")
        }
        #expect(message("--b\r\n" + String(repeating: "h", count: 9_000) + "\r\n\r\nx\r\n--b--")?.contains("MIME header") == true)
    }

    /// Any cut of a good form is found out or says what it has; nothing reads beyond its end.
    @Test func cutFormsAreHarmless() {
        let text = part("file", "data", more: "; filename=\"f\"") + part("model", "m") + "--b--\r\n"
        for count in 0..<text.utf8.count {
            let cut = String(decoding: Array(text.utf8).prefix(count), as: UTF8.self)
            #expect(message(cut)?.hasPrefix("failed to parse") != false)
        }
        for count in 0..<300 {
            let many = String(repeating: part("x", "1"), count: count) + part("model", "m") + "--b--"
            #expect((try? scan(many).scan.model) == (count < FormScanner.maximumParts ? "m" : nil))
        }
    }

    /// Bytes turned, dropped and doubled at random: nothing but an answer or a refusal comes of it.
    @Test func damagedFormsAreHarmless() {
        var generator = SeededGenerator(seed: 11)
        let good = Array((part("file", "data", more: "; filename=\"f\"") + part("model", "m") + "--b--\r\n").utf8)
        var refused = 0
        for _ in 0..<20_000 {
            var bytes = good
            for _ in 0...Int.random(in: 0..<6, using: &generator) where !bytes.isEmpty {
                let at = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: at)
                default: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 9)], at: at)
                }
            }
            let type = "multipart/form-data; boundary=b"
            do {
                let found = try FormScanner.scan(ByteBuffer(bytes: bytes), contentType: type, findsAudio: bytes.count % 2 == 0)
                if let range = found.scan.modelRange { #expect(range.upperBound <= bytes.count) }
            } catch {
                refused += 1
            }
        }
        #expect(refused > 100 && refused < 20_000)
    }
}
