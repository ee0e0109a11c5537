import NIOCore

/// The sender's handle of one request under way. Confined to the transport's event loop; using it after the transfer's end does nothing.
package struct Transfer {
    /// Incremented over the transport's life and never reused.
    package let id: UInt64
    let handle: EasyHandle

    /// Ends a pause that the delegate asked for. Without a pause this does nothing; in particular, a resume inside the same callback that then
    /// returns ``Demand/pause`` has no effect.
    package func resume() {
        guard handle.state.id == id, handle.state.isPaused else { return }
        handle.state.isPaused = false
        handle.state.lastProgress = .now()
        if handle.state.isHeldByLibrary { handle.multi.schedule(.resume(handle, id: id)) }
    }

    /// Cancels the request: the delegate is released at once, the connection soon after. May be called again.
    /// - Returns: how often it was sent until then; more than once if libcurl found a kept connection dead. 0 for a transfer that has ended.
    @discardableResult
    package func cancel() -> Int {
        guard handle.state.id == id, !handle.state.isCancelled else { return 0 }
        handle.state.isCancelled = true
        handle.state.delegate = nil
        handle.multi.schedule(.remove(handle, id: id))
        return handle.state.attempts
    }
}
