/// What `Herd` wants done, in this order.
public enum HerdAction: Sendable {
    /// Must be on disk before any action behind it is performed.
    case persist(DurableLease)
    /// Send one datagram.
    case send(Datagram, to: Endpoint)
    /// Bring one datagram to the peer at this address inside a peer link: UDP to it is blocked. A failure is told by
    /// `tunnelFailed`.
    case tunnel(Datagram, to: Endpoint)
    /// This process and an older one live under the same peer id, as after the restore of a machine's snapshot: take a new id and
    /// start anew. Said at most once.
    case reidentify
    /// Exchange state with the peer at this address by TCP: post `syncMessage(to:now:)`, feed the
    /// answer back as `synced`, or tell `syncFailed`. Who is asked handles `synced`, then answers with `syncMessage(for:now:)`.
    case sync(Endpoint)
    /// Members, their status or records, or the router changed: make a new view.
    case viewChanged
    /// The remembered addresses changed: write them within 30 s.
    case remember
    /// The fleet settings changed: show them, and write down all of these, deleted ones too, within a second.
    case settingsChanged([SettingEntry])
    /// For logs, metrics and checkers.
    case note(HerdNote)
}
