import NIOCore

extension ConnectionHandler: SweptConnection {
    /// Called by the worker's sweep once `deadline` has passed.
    func deadlineDidPass() {
        deadline = nil
        switch (phase, reader.state) {
        case (.open, .idle) where !isHeadUnfinished && isTakingAnswer, (.lingering, _) where isTakingAnswer,
            (.open, .exchanging) where isTakingAnswer:
            deadline = .now() + worker.limits.idleTimeout
        case (.open, .idle) where isSurplus:
            protocolIsKnown()
        case (.open, .idle):
            // An unfinished head, or no request: a slow head gets an answer, an idle connection is just closed.
            if isHeadUnfinished { reader.fail(WireFault.slowHead) } else { closeIdle() }
        case (.open, .receiving), (.open, .discarding):
            reader.fail(WireFault.slowBody)
        case (.lingering, _):
            context?.close(promise: nil)
        case (.open, .exchanging):
            // The upstream waits for a caller that reads nothing: it holds the request's place no longer.
            if !isWritable { cut() }
        case (.closed, _):
            break
        }
    }

    /// Whether the caller has read some of the buffered answer since the previous deadline. To be called once per deadline.
    private var isTakingAnswer: Bool {
        let held = (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        defer { heldAtDeadline = held > 0 ? held : .max }
        return held > 0 && held < heldAtDeadline
    }

    /// Called when the gateway begins to drain, or when this connection has to end: a busy one ends with its answer. An idle one ends at once; while
    /// the gateway drains a little later, since a request may be on its way to it, and closing a socket with unread bytes would reset it.
    func beginDraining() {
        (keepsAlive, isLeaving) = (false, true)
        guard isIdle else { return }
        guard worker.isDraining else {
            context?.close(promise: nil)
            return
        }
        if !isHeadUnfinished { deadline = .now() + worker.limits.lastRequests }
    }

    /// A request may be on its way, and closing a socket with unread bytes would reset the connection and destroy an answer that the caller has
    /// not read yet. The caller gets a regular end instead.
    private func closeIdle() {
        guard hasReceived || worker.isDraining else {
            context?.close(promise: nil)
            return
        }
        phase = .lingering
        deadline = .now() + WireLimits.lingering
        context?.channel.close(mode: .output, promise: nil)
        read()
    }

    /// The drain's time is up.
    func cut() {
        lookAtReceipt()
        context?.close(promise: nil)
    }
}
