import Foundation
import Testing

@testable import Program

/// What `herd-peer fleet` says.
@Suite struct FleetWordsTests {
    private func mesh(_ more: String, members: String) throws -> FleetReply.Mesh {
        let json = """
            {"self":"h1","router":null,"members":[\(members)],"fleet":"home","discovery":"","seeds":[],\(more)}
            """
        return try JSONDecoder().decode(FleetReply.Mesh.self, from: Data(json.utf8))
    }

    private let three = """
        {"node_id":"h1","id":"01","status":"alive","keys":[7,9],"lacks":[],"tls":false},
        {"node_id":"h2","id":"02","status":"alive","keys":[7],"lacks":[9],"tls":true},
        {"node_id":"h3","id":"03","status":"unreachable","reason":"asleep","keys":[7],"lacks":[9],"tls":true},
        {"node_id":"old","id":"04","status":"left","keys":[],"lacks":[9]}
        """

    @Test func aRotationOnItsWay() throws {
        let keys =
            #""open_fleet":false,"keys":[{"id":7,"stage":"active","age_s":9},{"id":9,"stage":"installed","age_s":1}]"#
        let view = RotationView(try mesh(keys, members: three))
        #expect(view.active == 7 && view.installed == 9)
        #expect(view.having == ["h1"] && view.waiting == ["h2"] && view.outOfSight == ["h3 (asleep)"])
        #expect(!view.isOver(since: 7))
        #expect(view.words.contains("waiting for: h2") && view.words.contains("out of sight: h3 (asleep)"))
    }

    @Test func aRotationThatIsOver() throws {
        let members = three.replacingOccurrences(of: #""keys":[7],"lacks":[9],"tls":true},\#n"#, with: #""keys":[9]},"#)
            .replacingOccurrences(of: #""status":"alive","keys":[7]"#, with: #""status":"alive","keys":[9,7]"#)
            .replacingOccurrences(of: #""keys":[7,9]"#, with: #""keys":[9,7]"#)
        let keys = #""open_fleet":false,"keys":[{"id":9,"stage":"active","age_s":9},{"id":7,"stage":"retiring","age_s":99}]"#
        let view = RotationView(try mesh(keys, members: members))
        #expect(view.active == 9 && view.installed == nil && view.waiting.isEmpty)
        #expect(view.isOver(since: 7) && !view.isOver(since: 9))
    }

    /// Seen in the lab: the router used the new key, the other machine only had it, and the command said that it was done.
    @Test func aRotationIsNotOverWhileSomebodyOnlyHasTheKey() throws {
        let members = three.replacingOccurrences(of: #""status":"alive","keys":[7]"#, with: #""status":"alive","keys":[7,9]"#)
        let keys = #""open_fleet":false,"keys":[{"id":9,"stage":"active","age_s":9},{"id":7,"stage":"retiring","age_s":99}]"#
        let view = RotationView(try mesh(keys, members: members))
        #expect(view.waiting == ["h1", "h2"] && !view.isOver(since: 7))
        #expect(view.words.contains("used by: nobody"))
    }

    @Test func anOpenFleetIsWarnedOf() throws {
        let report = FleetReport(mesh: try mesh(#""open_fleet":true,"refused":{"fleet":3}"#, members: ""), warnings: [])
        #expect(report.text.contains("OPEN") && report.text.contains("herd-peer fleet init"))
        #expect(report.text.contains("Refused datagrams: fleet 3"))
    }

    @Test func aClosedFleetIsShownWhole() throws {
        let more = """
            "open_fleet":false,"rotating":true,"keys":[{"id":7,"stage":"active","age_s":300}],"revoked":["couch"],
            "key_advice":"join again","refused":{"forged":2,"size":0},"refused_links":{"token":4}
            """
        let text = FleetReport(mesh: try mesh(more, members: three), warnings: ["w"]).text
        #expect(text.contains("is closed") && text.contains("in use") && text.contains("5 min"))
        #expect(text.contains("h1 *") && text.contains("unreachable (asleep)") && !text.contains("old"))
        #expect(text.contains("Refused datagrams: forged 2\n") && text.contains("Refused links: token 4"))
        #expect(text.contains("Shut out: couch") && text.contains("To do: join again") && text.contains("Warning: w"))
    }
}
