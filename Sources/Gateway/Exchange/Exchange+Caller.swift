import Transport

// MARK: - What the caller does

extension Exchange {
    func downstreamDidDrain() {
        call?.transfer.resume()
    }

    /// The caller closed its connection: stop fetching, keep the record.
    func callerDidLeave() {
        guard stage != .done else { return }
        if stage == .journalingEnd { return }
        abandonCall(because: "caller_left")
        record.callerLeft()
        close(with: .cut)
    }

    /// A refusal whose caller left before it could be told.
    func refuseUnheard(_ refusal: Refusal) {
        record.learn(refusal: refusal)
        close(with: .cut)
    }
}
