import NIOCore

/// The sender's hold on one request under way. Confined to the transport's event loop; using it after the transfer's end does nothing.
package struct Transfer {
    /// Counts up over the transport's life and is never used again.
    package let id: UInt64
    let handle: EasyHandle

    /// Ends a pause that the delegate asked for. Without one this does nothing; in particular, a resume from inside the very call that
    /// then answers ``Demand/pause`` is overruled by that answer.
    package func resume() {
        guard handle.state.id == id, handle.state.isPaused else { return }
        handle.state.isPaused = false
        handle.state.lastProgress = .now()
        if handle.state.isHeldByLibrary { handle.multi.schedule(.resume(handle, id: id)) }
    }

    /// Cancels the request: the delegate is released at once, the connection soon after. May be called again.
    /// - Returns: how often it was sent until then; more than once where libcurl found a kept connection dead. 0 for a transfer that has ended.
    @discardableResult
    package func cancel() -> Int {
        guard handle.state.id == id, !handle.state.isCancelled else { return 0 }
        handle.state.isCancelled = true
        handle.state.delegate = nil
        handle.multi.schedule(.remove(handle, id: id))
        return handle.state.attempts
    }
}
