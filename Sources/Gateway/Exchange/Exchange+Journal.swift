// MARK: - What the journal says

extension Exchange: JournalWaiter {
    func journalDidKeep() {
        awaitedRecords -= 1
        guard awaitedRecords == 0 else { return }
        if hasLostRecord { return recordWasLost() }
        switch stage {
        case .journalingRequest:
            isWrittenAhead = true
            send()
        case .journalingEnd: release()
        case .deciding, .asking, .sharing, .waiting, .awaitingCredential, .sending, .holding, .relaying, .done: break
        }
    }

    /// The record could not be kept. Before the request left it must not leave; after it, the caller must not take the answer
    /// for a recorded one.
    func journalDidFail() {
        awaitedRecords -= 1
        hasLostRecord = hasLostRecord || stage == .journalingEnd
        guard awaitedRecords == 0 else { return }
        recordWasLost()
    }

    /// The fleet's database was told, or has to be told later.
    func fleetDidKeep() { journalDidKeep() }

    private func recordWasLost() {
        switch stage {
        case .journalingRequest:
            stage = .deciding
            refuse(Refusal.auditUnavailable)
        case .journalingEnd:
            if case .replay = answer { answer = .refusal(Refusal.auditUnavailable) }
            if case .relayed = answer {
                answer = relay?.hasBegun == true ? .cut : .refusal(Refusal.answerNotRecorded)
            }
            release()
        case .deciding, .asking, .sharing, .waiting, .awaitingCredential, .sending, .holding, .relaying, .done:
            break
        }
    }
}
