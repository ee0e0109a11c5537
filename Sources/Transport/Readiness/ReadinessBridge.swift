/// Notifies the event loop that our epoll set, a descriptor unknown to NIO, has become readable.
///
/// NIO has no public way to watch a descriptor without reading from it, hence this detour. An epoll set is level-triggered and readable as long as
/// one of its sockets is ready, so a bridge may be one-shot: nothing is lost between a wake and the next watch.
protocol ReadinessBridge: AnyObject {
    /// Begins to watch. `wake` runs on the event loop; the next watch begins when it returns.
    func start(_ wake: @escaping () -> Void)
    /// Ends finally; `wake` is not called after this returns.
    func stop()
}

/// Which bridge a transport uses.
enum ReadinessKind: Sendable, CaseIterable {
    /// Linux AIO, or the thread where the kernel or its seccomp filter refuses AIO.
    case automatic
    case asynchronousPoll
    case thread
}
