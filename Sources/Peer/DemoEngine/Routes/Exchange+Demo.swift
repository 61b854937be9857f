import FoundationEssentials
import NIOHTTP1

extension Exchange {
    func showControl() { send(encoded: ControlBody(core.control)) }

    func setControl() throws(DemoFailure) {
        let change: ControlBody
        do {
            change = try JSONDecoder().decode(ControlBody.self, from: Data(body))
        } catch {
            throw .early("The control body is not understood: \(error)")
        }
        change.apply(to: core.control)
        showControl()
    }

    func showLog() { send(encoded: core.log.entries) }

    func clearLog() {
        core.log.clear()
        send(.ok)
    }

    private func send(encoded value: some Encodable) {
        do {
            let data = try JSONEncoder().encode(value)
            send(.ok, type: "application/json", text: String(decoding: data, as: UTF8.self))
        } catch {
            fail(DemoFailure(status: .internalServerError, text: "\(error)"))
        }
    }
}
