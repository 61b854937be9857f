import Gossip
import Logging

extension MeshCore {
    /// Makes a new view when one is due: at once after a quiet time, else 20 ms after the last one.
    func flushViewIfDue() {
        let now = clock.boot()
        guard viewDirty, phase == .running, !isApplying, now >= viewDue else { return }
        viewDirty = false
        viewDue = now + Self.viewSpacing
        makeView(now: now)
    }

    func makeView(now: Instant) {
        guard let rules else { return }
        let view = viewBuilder.build(rules.memberEntries, router: rules.router(now: now))
        views.replace(view)
        tellPins()
        followRouter(view)
        judgeName(view, now: now)
        compareSeeds(with: view)
    }

    private func followRouter(_ view: FleetView) {
        guard let router = view.router, router.id != selfID, let endpoint = view.member(router.id)?.endpoint, endpoint.port > 0
        else {
            link?.follow(nil)
            return
        }
        link?.follow(RouterLink.Target(id: router.id, endpoint: endpoint))
    }

    // MARK: This peer's own records

    func publish(hot: HotReport) {
        guard hot != ownHot else { return }
        ownHot = hot
        apply(.hot(hot))
    }

    func publish(models: ModelsReport) {
        guard let payload = encodeOwn(models), payload != ownModels else { return }
        ownModels = payload
        apply(.cold(.models, payload: payload))
    }

    func publish(fixed: StaticReport) {
        ownFixed = fixed
        publishFixed()
    }

    func publish(candidacy new: Candidacy) {
        guard new != candidacy else { return }
        candidacy = new
        apply(.candidacy(new))
    }

    /// The static report with the name that this peer really has.
    func publishFixed() {
        var report = ownFixed
        if nameSuffixed { report.name = NameClash.suffixed(ownFixed.name, selfID) }
        guard let payload = encodeOwn(StaticPayload(report: report, nameHeldSeconds: nameHeldSeconds)), payload != fixedPayload
        else {
            return
        }
        fixedPayload = payload
        apply(.cold(.fixed, payload: payload))
    }

    private func encodeOwn(_ report: some Encodable) -> [UInt8]? {
        guard let payload = ReportCoding.encode(report) else { return nil }
        guard payload.count <= SyncMessage.longestPayload else {
            if limiter.admit("payload", now: clock.boot()) != nil {
                logger.error(
                    "this peer's report is too long to be told; the last one stays",
                    metadata: ["report.bytes": "\(payload.count)"])
            }
            return nil
        }
        return payload
    }

    private func judgeName(_ view: FleetView, now: Instant) {
        guard !nameSuffixed else { return }
        let others = view.members.compactMap { member -> NameClash.Claim? in
            guard member.id != selfID, member.status == .alive || member.status == .suspect,
                let claim = viewBuilder.nameClaim(of: member.id)
            else { return nil }
            return NameClash.Claim(id: member.id, name: claim.name, heldSeconds: claim.heldSeconds)
        }
        switch NameClash.judge(name: ownFixed.name, selfID: selfID, heldSeconds: nameHeldSeconds, others: others) {
        case .none:
            return
        case .publishClaim(let other):
            nameHeldSeconds = Int((now - startedAt).components.seconds)
            logger.warning("another peer has this peer's name", metadata: ["node.id": "\(ownFixed.name)", "peer.id": "\(other)"])
            publishFixed()
        case .yield(let other):
            nameSuffixed = true
            let name = NameClash.suffixed(ownFixed.name, selfID)
            logger.warning(
                "another peer had this peer's name first: this one is called otherwise from now on; give it a name with --node-id",
                metadata: ["node.id": "\(ownFixed.name)", "node.id.now": "\(name)", "peer.id": "\(other)"])
            remark("renamed to \(name): \(other) has the name \(ownFixed.name)")
            publishFixed()
        }
    }
}
