import NIOCore
import NIOHTTP1

/// The life of one inference request: failure on purpose, slot, load, tokens, end.
final class Generation {
    /// What to generate.
    struct Order {
        var installed: ModelShelf.Installed
        var plan: AnswerPlan
        var format: any AnswerFormat
        var isStream: Bool
        var context: Int?
        var keepAlive: KeepAlive?
    }

    private enum Phase { case waiting, loading, generating, over }

    private unowned let exchange: Exchange
    private let core: EngineCore
    private let order: Order
    private var format: any AnswerFormat
    private let failure: FailurePlan?
    private let loop: NIOIsolatedEventLoop
    private let started = ContinuousClock.now
    private var loadTime: Duration = .zero
    private var evalStarted = ContinuousClock.now
    private var phase = Phase.waiting
    private var holdsSlot = false
    private var index = 0
    private var isPaused = false
    private var timer: Scheduled<Void>?

    private static let burst = 64

    init(_ exchange: Exchange, _ order: Order) {
        self.exchange = exchange
        self.order = order
        core = exchange.core
        format = order.format
        failure = core.control.nextFailure()
        loop = exchange.context.eventLoop.assumeIsolated()
    }

    private var key: String { order.installed.model.name.lowercased() }

    func start() {
        switch failure?.kind {
        case .status500:
            exchange.fail(DemoFailure(status: .internalServerError, text: "llama runner process has terminated: exit status 2"))
            phase = .over
            return
        case .busy503:
            exchange.fail(.busy)
            phase = .over
            return
        case .closeBeforeFirstByte:
            phase = .over
            exchange.cutOff()
            return
        default: break
        }
        let slots = core.control.settings.slotsPerModel
        let turn = core.gate.acquire(
            key, id: exchange.number, slots: slots, maximumWaiting: core.configuration.maximumWaiting,
            on: exchange.context.eventLoop)
        turn.assumeIsolated().whenComplete { result in
            switch result {
            case .success: self.admitted()
            case .failure(is SlotGate.Full):
                self.phase = .over
                self.exchange.fail(.busy)
            case .failure:
                guard self.phase != .over else { return }
                self.phase = .over
                self.exchange.cutOff()
            }
        }
    }

    /// The client left: everything stops now.
    func cancel() {
        guard phase != .over else { return }
        let waited = phase == .waiting && !holdsSlot
        finish()
        if waited { core.gate.withdraw(key, id: exchange.number) }
    }

    /// The connection takes bytes again.
    func resume() {
        guard isPaused else { return }
        isPaused = false
        pump()
    }

    private func admitted() {
        guard phase == .waiting else {
            // The client left in the moment in which its turn came.
            core.gate.release(key, slots: core.control.settings.slotsPerModel)
            return
        }
        holdsSlot = true
        let now = core.log.now
        core.log.update(exchange.number) { $0.admittedMilliseconds = now }
        if failure?.kind == .hang { return }
        phase = .loading
        let needsLoad = core.shelf.needsLoad(order.installed, context: order.context)
        core.shelf.begin(order.installed, context: order.context, keepAlive: order.keepAlive)
        let loading = ContinuousClock.now
        var delay = needsLoad ? core.control.settings.loadTime : .zero
        if failure?.kind == .slowFirstByte { delay += .milliseconds(max(failure?.delayMilliseconds ?? 1000, 0)) }
        after(delay) {
            self.loadTime = ContinuousClock.now - loading
            self.generate()
        }
    }

    private func generate() {
        phase = .generating
        evalStarted = ContinuousClock.now
        if order.isStream {
            exchange.begin(.ok, type: format.streamType, length: nil, headers: format.streamHeaders)
            let opening = format.opening()
            if !opening.isEmpty { exchange.write(opening) }
            exchange.context.flush()
            if order.plan.count == 0 {
                after(core.control.settings.tokenDelay * order.plan.evalCount) { self.close() }
            } else {
                next()
            }
        } else {
            after(core.control.settings.tokenDelay * order.plan.evalCount) { self.sendWhole() }
        }
    }

    /// The token after the next delay, or a burst of them at once.
    private func next() {
        after(core.control.settings.tokenDelay) { self.pump() }
    }

    private func pump() {
        guard phase == .generating else { return }
        let isSlow = core.control.settings.tokenDelay > .zero
        let breakpoint = self.breakpoint
        var left = isSlow ? 1 : Self.burst
        while left > 0, index < order.plan.count {
            if index == breakpoint {
                breakOff()
                return
            }
            guard exchange.context.channel.isWritable else {
                isPaused = true
                return
            }
            exchange.write(format.piece(order.plan.piece(at: index)))
            index += 1
            left -= 1
        }
        let count = index
        core.log.update(exchange.number) { $0.tokens = count }
        exchange.context.flush()
        guard index >= order.plan.count else {
            if isSlow { next() } else { loop.execute { self.pump() } }
            return
        }
        if breakpoint != nil { breakOff() } else { close() }
    }

    /// After how many tokens the stream fails on purpose; nil = never.
    private var breakpoint: Int? {
        guard let failure, failure.kind == .closeMidStream || failure.kind == .errorMidStream else { return nil }
        return min(max(failure.afterTokens ?? 3, 0), order.plan.count)
    }

    private func breakOff() {
        let count = index
        core.log.update(exchange.number) { $0.tokens = count }
        if failure?.kind == .errorMidStream {
            exchange.write(format.brokenRunner())
            finish()
            exchange.end(.failed)
        } else {
            finish()
            exchange.cutOff()
        }
    }

    private func close() {
        let text = format.closing(end)
        logTokens()
        finish()
        exchange.write(text)
        exchange.end()
    }

    private func sendWhole() {
        if failure?.kind == .errorMidStream {
            finish()
            exchange.fail(.runnerDied)
            return
        }
        let pieces = (0..<order.plan.count).map(order.plan.piece)
        let text = format.whole(pieces, end).text
        logTokens()
        finish()
        if failure?.kind == .closeMidStream {
            exchange.begin(.ok, type: format.wholeType, length: text.utf8.count)
            exchange.write(String(text.prefix(text.count / 2)))
            exchange.cutOff()
            return
        }
        exchange.send(.ok, type: format.wholeType, text: text)
    }

    private func logTokens() {
        let count = order.plan.evalCount
        core.log.update(exchange.number) { $0.tokens = count }
    }

    private var end: AnswerEnd {
        let now = ContinuousClock.now
        // A real engine always takes some time; zero would be left out of the answer.
        let least = Duration.nanoseconds(1000)
        return AnswerEnd(
            doneReason: order.plan.doneReason, promptTokens: order.plan.promptTokens, evalCount: order.plan.evalCount,
            isToolCall: order.plan.isToolCall, callID: exchange.hexID(32), total: max(now - started, least * 4),
            load: max(loadTime, least), promptEval: least, eval: max(now - evalStarted, least))
    }

    /// Gives everything back.
    private func finish() {
        guard phase != .over else { return }
        let ran = phase == .loading || phase == .generating
        phase = .over
        timer?.cancel()
        timer = nil
        if ran { core.shelf.end(order.installed) }
        if holdsSlot {
            holdsSlot = false
            core.gate.release(key, slots: core.control.settings.slotsPerModel)
        }
    }

    private func after(_ delay: Duration, _ work: @escaping () -> Void) {
        guard delay > .zero else {
            work()
            return
        }
        timer = loop.scheduleTask(in: delay.timeAmount) {
            guard self.phase != .over else { return }
            work()
        }
    }
}
