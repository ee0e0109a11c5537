import CCurl
import NIOCore

// 1. libcurl is entered from `run` alone (and from `close`), at the top of a task of the event loop. Everything else only queues actions: libcurl
//    forbids being entered from its own callbacks, and a delegate must not be called from inside its own call.
// 2. One run performs all actions queued since the last one: libcurl's many time-outs of 0 ms become one.
// 3. Delegates are called back at the end of a transfer after its easy handle was removed from libcurl's multi handle.

/// One libcurl multi handle, driven by an event loop.
final class CurlMulti {
    /// Something to do in the next run.
    enum Action {
        case add(EasyHandle, id: UInt64)
        case remove(EasyHandle, id: UInt64)
        case resume(EasyHandle, id: UInt64)
        /// Ends a transfer that libcurl did not end, or never saw.
        case fail(EasyHandle, id: UInt64, TransportError)
        /// Ends a transfer whose answer is complete before its request is: the rest of the request is not sent.
        case complete(EasyHandle, id: UInt64)
    }

    /// How a transfer ended.
    enum Outcome {
        case result(CURLcode)
        case failed(TransportError)
        case cancelled
        /// The answer is complete, and the rest of the request was not sent.
        case answeredEarly

        /// Whether libcurl ended it by itself, and has no fault to remember.
        var isOrderly: Bool { if case .result(CURLE_OK) = self { true } else { false } }
    }

    var sockets: SocketSet
    /// Whether an origin has spoken HTTP/2, whose connections several transfers share.
    var hasSharedConnections = false
    /// How many transfers are under way in libcurl.
    private var carried = 0
    /// The configured bounds.
    private let idleConnections: Int
    private let openConnections: Int
    /// The size of libcurl's cache of connections that was set last.
    private var cacheSize: Int
    private let multi: UnsafeMutableRawPointer
    private let eventLoop: any EventLoop
    private let ended: (EasyHandle, Outcome) -> Void
    private let isCarrying: (ConnectionName) -> Bool
    private var actions: [Action] = []
    private var ready: [SocketSet.Event] = []
    /// Bytes of a body that libcurl has passed on since it was last notified of a socket, while the receiver wanted
    /// more.
    private var bytesHandedOver = 0
    private var isRunning = false
    private var isClosed = false
    private var runIsScheduled = false
    private var timeoutIsDue = false
    private var timer: Timer?
    private var timeout: NIODeadline?

    /// A task of the event loop, and when it runs.
    private struct Timer {
        let task: Scheduled<Void>
        let deadline: NIODeadline
    }

    /// - Parameters:
    ///   - isCarrying: returns whether a transfer is under way on a connection.
    ///   - ended: called once for each transfer that was added, after libcurl has released it.
    init(
        _ configuration: TransportConfiguration,
        eventLoop: any EventLoop,
        isCarrying: @escaping (ConnectionName) -> Bool,
        ended: @escaping (EasyHandle, Outcome) -> Void
    ) throws(TransportError) {
        guard let sockets = SocketSet() else { throw .configuration(.system) }
        guard let multi = curl_multi_init() else { throw .resources }
        self.sockets = sockets
        self.multi = multi
        openConnections = max(configuration.openConnections, 1)
        idleConnections = min(max(configuration.connections, 1), openConnections)
        cacheSize = idleConnections
        self.eventLoop = eventLoop
        self.isCarrying = isCarrying
        self.ended = ended
        let pointer = Unmanaged.passUnretained(self).toOpaque()
        ccurl_multi_set_socket_data(multi, pointer)
        ccurl_multi_set_socket_function(multi, watchSocket)
        ccurl_multi_set_timer_data(multi, pointer)
        ccurl_multi_set_timer_function(multi, setTimer)
        ccurl_multi_set_connection_cache_size(multi, cacheSize)
        ccurl_multi_set_pipelining(multi, CLong(CURLPIPE_MULTIPLEX))
        ccurl_multi_set_maximum_concurrent_streams(multi, CLong(TransportLimits.concurrentStreams))
    }

    deinit {
        precondition(isClosed, "a transport must be shut down before it is let go")
    }

    /// Queues an action for the next run.
    func schedule(_ action: Action) {
        actions.append(action)
        scheduleRun()
    }

    /// Called by the bridge when a socket is ready.
    func socketsAreReady() {
        guard !isClosed else { return }
        isRunning = true
        serveSockets()
        runRounds()
        isRunning = false
    }

    /// Ends everything at once, without callbacks. The handles that were added must have been removed.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        timer?.task.cancel()
        timer = nil
        // Closes the kept connections, through closeSocket.
        curl_multi_cleanup(multi)
    }

    /// Removes an easy handle in any state.
    func remove(_ handle: EasyHandle) {
        guard handle.isAdded else { return }
        curl_multi_remove_handle(multi, handle.easy)
        handle.isAdded = false
    }

    /// Has libcurl keep `idleConnections` besides those in use. It compares its limit with the number of all connections whenever a transfer gives
    /// one back, so with a fixed limit and more transfers under way than that, each would end its connection, and the next request make a new one.
    private func fitConnectionCache() {
        // With fewer connections than that, libcurl closes none.
        guard max(sockets.openCount, carried) > idleConnections else { return }
        // Bounded: transfers are in memory, and the configured number is small. One of them is the one that gives its connection back.
        let fitting = min(idleConnections + max(carried - 1, 0), openConnections)
        guard fitting != cacheSize else { return }
        cacheSize = fitting
        ccurl_multi_set_connection_cache_size(multi, fitting)
    }

    /// Whether a call of libcurl or of a delegate is on the stack.
    var isBusy: Bool { isRunning }

    /// libcurl's next time-out: -1 is none.
    func setTimeout(milliseconds: Int) {
        timeout = nil
        guard milliseconds > 0 else {
            if milliseconds == 0 {
                timeoutIsDue = true
                scheduleRun()
            }
            return
        }
        let deadline = NIODeadline.now() + .milliseconds(Int64(milliseconds))
        timeout = deadline
        armTimer(deadline)
    }

    private func scheduleRun() {
        // A run that is under way also performs actions queued meanwhile.
        guard !isRunning, !runIsScheduled else { return }
        runIsScheduled = true
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.execute { bound.value.run() }
    }

    private func run() {
        runIsScheduled = false
        isRunning = true
        runRounds()
        isRunning = false
    }

    /// Runs until nothing is left to do, or until the limit of rounds.
    private func runRounds() {
        for _ in 0..<TransportLimits.roundsPerWake {
            performActions()
            reportEnded()
            if timeoutIsDue, !isClosed {
                timeoutIsDue = false
                perform(ccurl_socket_timeout, 0)
            } else if actions.isEmpty {
                return
            }
        }
        isRunning = false
        scheduleRun()
    }

    /// Serves what is ready now.
    private func serveSockets() {
        ready.removeAll(keepingCapacity: true)
        sockets.takeReady(into: &ready, isCarrying: isCarrying)
        for index in ready.indices {
            let event = ready[index]
            // An event before this one may have closed the socket, or libcurl may no longer wait for it.
            guard sockets.isWanted(event.descriptor) else { continue }
            var mask: CInt = 0
            if event.isReadable { mask |= CInt(CURL_CSELECT_IN) }
            if event.isWritable, !event.isReadable { mask |= CInt(CURL_CSELECT_OUT) }
            if event.isFailed { mask |= CInt(CURL_CSELECT_ERR) }
            let carriedBefore = carried
            perform(event.descriptor, mask)
            if event.isReadable {
                readOn(event.descriptor)
                if event.isWritable, mayWrite(afterReading: event.descriptor) { perform(event.descriptor, CInt(CURL_CSELECT_OUT)) }
            }
            if hasSharedConnections, carried < carriedBefore { askOthers(on: event.descriptor) }
        }
    }

    /// A transfer has ended, and others may be under way on its connection. If that has broken down, libcurl tells them when it is next asked, and
    /// nothing more arrives for which it would be.
    private func askOthers(on descriptor: CInt) {
        var before = 0
        repeat {
            before = carried
            guard sockets.isWanted(descriptor) else { return }
            perform(descriptor, CInt(CURL_CSELECT_IN))
        } while carried < before
    }

    /// An upstream may answer and close before it has read the whole request (RFC 9112 section 9.6). The next write fails then, and libcurl drops
    /// what it has not read of the answer: so an answer is read as far as it has arrived before more of the request is written. On a connection
    /// that transfers share, that would let a download hold up the uploads beside it.
    private func mayWrite(afterReading descriptor: CInt) -> Bool {
        sockets.wantsBoth(descriptor) && (hasSharedConnections || !sockets.hasInput(descriptor))
    }

    /// libcurl reads an HTTP/1 connection once per notification. If that filled its buffer, more data is waiting, and reading it now costs less than
    /// another wake-up of the event loop: so a small buffer is as fast as a large one.
    private func readOn(_ descriptor: CInt) {
        var bytes = bytesHandedOver
        while EasyHandle.isFilled(by: bytesHandedOver), bytes < TransportLimits.bodyBytesPerEvent, sockets.isWanted(descriptor) {
            perform(descriptor, CInt(CURL_CSELECT_IN))
            bytes += bytesHandedOver
        }
    }

    /// A receiver has accepted a piece of a body.
    func handedOver(_ count: Int, wantsMore: Bool) {
        // Bounded: `perform` resets it, and what one call of libcurl reads is in memory.
        bytesHandedOver = wantsMore ? bytesHandedOver + count : 0
    }

    private func perform(_ descriptor: curl_socket_t, _ mask: CInt) {
        var running: CInt = 0
        bytesHandedOver = 0
        curl_multi_socket_action(multi, descriptor, mask, &running)
        // Not only once their ends are reported: several may end before that.
        carried = Int(running)
        fitConnectionCache()
    }

    private func performActions() {
        guard !actions.isEmpty else { return }
        var current: [Action] = []
        swap(&current, &actions)
        for action in current { perform(action) }
        // Before libcurl sends on a kept connection, the socket set must have checked it for unexpected data, and a transfer that is complete no
        // longer counts as under way.
        if timeoutIsDue, !isClosed {
            reportEnded()
            if !isClosed { serveSockets() }
        }
        // Its storage is reused, unless a delegate queued an action meanwhile.
        if actions.isEmpty {
            current.removeAll(keepingCapacity: true)
            actions = current
        }
    }

    private func perform(_ action: Action) {
        switch action {
        case .add(let handle, let id):
            guard handle.state.id == id, !handle.state.isCancelled, !isClosed else { return }
            if curl_multi_add_handle(multi, handle.easy) == CURLM_OK {
                handle.isAdded = true
                carried += 1
                fitConnectionCache()
            } else {
                ended(handle, .failed(.resources))
            }
        case .remove(let handle, let id):
            guard handle.state.id == id else { return }
            remove(handle)
            ended(handle, .cancelled)
        case .resume(let handle, let id):
            guard handle.state.id == id, handle.isAdded, !handle.state.isPaused, handle.state.isHeldByLibrary else { return }
            handle.state.isHeldByLibrary = false
            curl_easy_pause(handle.easy, CURLPAUSE_CONT)
        case .fail(let handle, let id, let error):
            guard handle.state.id == id else { return }
            remove(handle)
            ended(handle, handle.state.isCancelled ? .cancelled : .failed(error))
        case .complete(let handle, let id):
            guard handle.state.id == id, handle.isAdded, !handle.state.isCancelled else { return }
            remove(handle)
            ended(handle, .answeredEarly)
        }
    }

    private func reportEnded() {
        guard !isClosed else { return }
        var left: CInt = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            // The message is invalid after the handle is removed.
            let result = ccurl_message_result(message)
            guard let handle = handle(behind: easy) else { continue }
            remove(handle)
            ended(handle, handle.state.isCancelled ? .cancelled : .result(result))
            if isClosed { return }
        }
    }

    /// libcurl changes its time-out with every request; the task on the event loop is only rescheduled if it would run too late.
    private func armTimer(_ deadline: NIODeadline) {
        if let timer {
            if timer.deadline <= deadline { return }
            timer.task.cancel()
        }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        timer = Timer(task: eventLoop.scheduleTask(deadline: deadline) { bound.value.timerFired() }, deadline: deadline)
    }

    private func timerFired() {
        timer = nil
        guard let timeout, !isClosed else { return }
        guard timeout <= .now() else { return armTimer(timeout) }
        self.timeout = nil
        timeoutIsDue = true
        run()
    }
}
