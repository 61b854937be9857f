import Gossip

/// Random but valid values of everything that travels.
struct Samples {
    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func number<Value: FixedWidthInteger>(_ range: ClosedRange<Value>) -> Value {
        Value.random(in: range, using: &generator)
    }

    mutating func flag() -> Bool { Bool.random(using: &generator) }

    mutating func id() -> PeerID { PeerID(using: &generator) }

    mutating func endpoint() -> Endpoint {
        let port = number(1...UInt16.max)
        return flag()
            ? Endpoint(.v4(number(1...UInt32.max)), port: port)
            : Endpoint(.v6(high: generator.next(), low: generator.next(), scope: 0), port: port)
    }

    mutating func candidacy() -> Candidacy {
        Candidacy(priority: number(0...100), steady: flag(), seasoned: flag(), ephemeral: flag())
    }

    mutating func member() -> MemberRecord {
        let lowest = number(0...UInt8.max)
        return MemberRecord(
            id: id(), generation: number(0...UInt32.max), incarnation: number(0...UInt32.max),
            status: [.alive, .unreachable, .left, .asleep].randomElement(using: &generator) ?? .alive, endpoint: endpoint(),
            protocolRange: lowest...number(lowest...UInt8.max), candidacy: candidacy(),
            keyIDs: (0..<number(0...MemberRecord.mostKeys)).map { _ in number(0...UInt16.max) })
    }

    mutating func report() -> HotReport {
        var report = HotReport()
        report.inFlight = number(0...UInt16.max)
        report.queued = number(0...UInt16.max)
        report.slots = number(0...UInt16.max)
        report.cpuPercent = number(0...100)
        report.memoryAvailableMiB = number(0...UInt32.max)
        report.pressure = MemoryPressure(rawValue: number(0...2)) ?? .normal
        report.thermal = ThermalLevel(rawValue: number(0...3)) ?? .unknown
        report.temperatureCelsius = flag() ? number(-128...127) : nil
        report.onBattery = flag()
        report.draining = flag()
        report.availability = flag() ? number(0...255) : nil
        for _ in 0..<number(0...HotReport.mostGPUs) {
            report.gpus.append(GPULoad(freeMiB: number(0...UInt32.max), busyPercent: number(0...100)))
        }
        for _ in 0..<number(0...HotReport.mostModels) {
            report.loaded.append(
                HotModel(
                    key: ModelKey(rawValue: generator.next()), inFlight: number(0...UInt16.max), queued: number(0...UInt16.max),
                    firstTokenP75: flag() ? number(0...UInt16.max - 1) : nil,
                    tokensPerSecondP75: flag() ? number(0...UInt16.max - 1) : nil))
        }
        return report
    }

    mutating func lease() -> LeaseRecord {
        LeaseRecord(
            router: id(), epoch: generator.next(), lengthMilliseconds: number(0...UInt16.max),
            mode: flag() ? .quorate : .degraded,
            priorityClass: number(0...UInt8.max), domainSize: number(0...UInt16.max), heldSeconds: number(0...UInt32.max),
            counter: number(0...UInt32.max), settings: SettingsDigest(count: number(0...UInt16.max), hash: generator.next()),
            rosterHash: generator.next())
    }

    mutating func roster() -> Roster {
        let peers = Set((0..<Int(number(1...48) as UInt8)).map { _ in id() }).sorted()
        let lineage = RosterLineage(founder: id(), epoch: generator.next())
        let version = RosterVersion(epoch: generator.next(), counter: number(0...UInt32.max))
        return Roster(lineage: lineage, version: version, peers: peers) ?? Roster(alone: id())
    }

    mutating func news() -> RosterNews {
        let version = RosterVersion(epoch: generator.next(), counter: number(0...UInt32.max))
        switch number(0...3) {
        case 0: return .whole(roster(), moves: number(0...UInt32.max) == 0 ? nil : number(0...(.max - 1)))
        case 1: return .step(base: generator.next(), .stamp, version)
        case 2: return .step(base: generator.next(), .admit(id()), version)
        default: return .step(base: generator.next(), .remove(id()), version)
        }
    }

    mutating func item() -> Item {
        switch number(0...4) {
        case 0: return .member(member())
        case 1:
            return .suspect(
                id(), generation: number(0...UInt32.max), incarnation: number(0...UInt32.max), by: generator.next())
        case 2:
            return .hot(
                id(), version: RecordVersion(generation: number(0...UInt32.max), counter: number(0...UInt32.max)),
                ageCentiseconds: number(0...UInt16.max),
                coldVersions: ColdVersions(models: number(0...UInt32.max), fixed: number(0...UInt32.max)), report())
        case 3: return .lease(lease())
        default: return .uptime(milliseconds: generator.next())
        }
    }

    /// Every kind of message, `index` 0…15.
    mutating func message(_ index: Int) -> Message {
        let sequence = number(0...UInt32.max)
        let epoch = generator.next()
        switch index {
        case 0: return .ping(sequence: sequence, target: generator.next())
        case 1: return .ack(sequence: sequence)
        case 2: return .pingRequest(sequence: sequence, target: generator.next(), endpoint: endpoint())
        case 3: return .nack(sequence: sequence)
        case 4: return .gossip
        case 5: return .bye(flag() ? .leaving : .asleep)
        case 6: return .lease(.preVote(round: sequence))
        case 7: return .lease(.preVoteReply(round: sequence, yes: flag(), maxEpoch: epoch))
        case 8: return .lease(.request(epoch: epoch, round: sequence, lengthMilliseconds: number(0...UInt16.max)))
        case 9: return .lease(.granted(epoch: epoch, round: sequence, roster: generator.next(), moves: generator.next()))
        case 10, 11:
            return .lease(
                .rejected(
                    epoch: epoch, round: sequence, maxEpoch: generator.next(), holder: index == 10 ? nil : id(),
                    remainingMilliseconds: number(0...UInt16.max)))
        case 12: return .lease(.release(epoch: epoch))
        case 13: return .lease(.handOver(epoch: epoch, successor: id()))
        case 14: return .lease(.roster(news()))
        default: return .resume
        }
    }

    mutating func datagram(_ index: Int, items: Int) -> Datagram {
        Datagram(
            sender: generator.next(), generation: number(0...UInt32.max), incarnation: number(0...UInt32.max),
            hotCounter: number(0...UInt32.max), localHealth: number(0...7), message: message(index),
            items: (0..<items).map { _ in item() })
    }
}
