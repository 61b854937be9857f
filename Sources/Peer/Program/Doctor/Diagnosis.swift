import Backends
import Discovery
import Foundation
import Machine
import Mesh
import Outbound

/// Looks at everything that a peer needs on this machine.
struct Diagnosis {
    let settings: PeerConfiguration

    /// All findings, in the order of a start: files, ports, the running peer, mDNS, seeds, engines.
    func findings() async -> [Finding] {
        let client = OutboundClient()
        defer { client.close() }
        var list = [dataDirectory()]
        list += await ports(client)
        if settings.usesMDNS {
            list += await DiscoveryDoctor.examine().map {
                Finding(level: .init(rawValue: $0.level.rawValue) ?? .warning, part: "mDNS", text: $0.title, advice: $0.advice)
            }
        } else {
            list.append(Finding(level: .ok, part: "mDNS", text: "switched off (--no-mdns)", advice: ""))
        }
        list.append(sleep())
        for url in settings.routerURLs { list.append(await seed(url, client)) }
        return list + (await engines(client))
    }

    private func dataDirectory() -> Finding {
        let path = settings.dataDirectory
        var isFolder: ObjCBool = false
        if !FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
            return Finding(
                level: .ok, part: "data directory", text: "\(path) is not there yet; the first start makes it", advice: "")
        }
        guard isFolder.boolValue, FileManager.default.isWritableFile(atPath: path) else {
            return Finding(
                level: .problem, part: "data directory", text: "\(path) cannot be written",
                advice: "Make it a folder that this user may write, or name another with --data-dir.")
        }
        return Finding(level: .ok, part: "data directory", text: "\(path) can be written", advice: "")
    }

    /// Not a fault where it is missing: the others notice a sleep that nobody announced within five seconds.
    private func sleep() -> Finding {
        let state = SleepWatch.examine()
        return Finding(
            level: .ok, part: "sleep", text: state.sentence,
            advice: state == .watching ? "" : "Nothing needs doing; without it the others take a few seconds to notice a sleep.")
    }

    private func ports(_ client: OutboundClient) async -> [Finding] {
        var request = OutboundRequest(url: "http://127.0.0.1:\(settings.port)/herd/v1/mesh")
        request.timeout = .seconds(2)
        if let answer = try? await client.send(request) {
            let runs = answer.status == 200 && answer.text.contains("peer_id")
            return [
                runs
                    ? Finding(level: .ok, part: "client port", text: "a herd-peer runs here on port \(settings.port)", advice: "")
                    : Finding(
                        level: .problem, part: "client port", text: "port \(settings.port) belongs to another program",
                        advice: "Stop it, or choose another port with --port.")
            ]
        }
        return [("client port", "--port", settings.port), ("mesh port", "--mesh-port", settings.meshPort)].map {
            part, flag, port in
            PortCheck.isFree(port)
                ? Finding(level: .ok, part: part, text: "port \(port) is free", advice: "")
                : Finding(
                    level: .problem, part: part, text: "port \(port) is taken and no herd-peer answers there",
                    advice: "Find the program with 'ss -lntup | grep \(port)', or choose another port with \(flag).")
        }
    }

    private func seed(_ text: String, _ client: OutboundClient) async -> Finding {
        let part = "--router-url"
        let url: SeedURL
        do {
            url = try SeedURL(text)
        } catch {
            return Finding(level: .problem, part: part, text: "\(error)", advice: "Write http://HOST:11435 with any peer's host.")
        }
        let host = url.host.contains(":") ? "[\(url.host)]" : url.host
        var reasons: [String] = []
        for port in url.port.map({ [Int($0)] }) ?? [11_435, 11_445] {
            var request = OutboundRequest(url: "http://\(host):\(port)/herd/v1/mesh")
            request.timeout = .seconds(3)
            do {
                let answer = try await client.send(request)
                if answer.status == 200, answer.text.contains("peer_id") {
                    return Finding(level: .ok, part: part, text: "a peer answers at \(text)", advice: "")
                }
                reasons.append("port \(port) answers, but not like a herd-peer")
            } catch {
                reasons.append("\(error)")
            }
        }
        return Finding(
            level: .problem, part: part, text: "no peer at \(text): \(reasons.joined(separator: "; "))",
            advice: "Is herd-peer running there, and do firewalls let TCP 11435 and TCP and UDP 11445 through?")
    }

    private func engines(_ client: OutboundClient) async -> [Finding] {
        let specs: [BackendSpec]
        do {
            specs = try settings.backendSpecs()
        } catch {
            return [Finding(level: .problem, part: "--backend", text: "\(error)", advice: "Write --backend KIND=URL.")]
        }
        var list: [Finding] = []
        for spec in specs {
            list += await BackendDoctor(client: client).examine(spec).map {
                Finding(
                    level: .init(rawValue: $0.level.rawValue) ?? .warning, part: $0.backend, text: $0.text,
                    advice: $0.advice ?? "")
            }
        }
        return list
    }
}
