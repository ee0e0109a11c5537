import NIOCore

@testable import Gateway

/// A connection's side of a session: it notes what comes, and answers with what a test has prepared.
final class RecordingStreams: HTTP2SessionObserver {
    let session: HTTP2Session
    private(set) var events: [String] = []
    /// What is left of each answer's body, and whether it is whole.
    var bodies: [Int32: (rest: [UInt8], isWhole: Bool)] = [:]
    var largestHead = Int.max
    /// Whether bodies are taken, so that more may come.
    var consumes = true
    private var listSize = 0

    init(headerBlock: Int = 64 << 10) {
        session = HTTP2Session(headerBlock: headerBlock)
        session.observer = self
    }

    func receive(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes { session.receive($0) } }

    /// Everything that the session sends now.
    func send(atLeast count: Int = .max) -> [UInt8] {
        _ = session.fill(atLeast: count)
        defer { session.output = ByteBuffer() }
        return Array(session.output.readableBytesView)
    }

    func streamDidBegin(_ id: Int32) {
        listSize = 0
        events.append("begin \(id)")
    }

    func trailersDidBegin(on id: Int32) {
        listSize = 0
        events.append("trailers")
    }

    func take(field name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool {
        listSize += name.count + value.count + 32
        events.append("\(String(decoding: name, as: UTF8.self)): \(String(decoding: value, as: UTF8.self))")
        return listSize <= largestHead
    }

    func fieldsDidEnd(on id: Int32, endsStream: Bool) { events.append("head \(id)\(endsStream ? " end" : "")") }

    func take(data: UnsafeRawBufferPointer, on id: Int32) {
        // Pieces of one frame are one event, however they come.
        if let last = events.last, last.hasPrefix("data \(id) "), let count = Int(last.split(separator: " ")[2]) {
            events[events.count - 1] = "data \(id) \(count + data.count)"
        } else {
            events.append("data \(id) \(data.count)")
        }
        if consumes { session.consume(data.count, on: id) }
    }

    func dataDidEnd(on id: Int32) { events.append("end \(id)") }
    func streamDidClose(_ id: Int32) { events.append("close \(id)") }
    func didResetFaultyStream() { events.append("faulty") }
    func didSendHead(on id: Int32) { events.append("sent head \(id)") }
    func didSendEnd(on id: Int32) { events.append("sent end \(id)") }
    func didSendData(on id: Int32) {}

    func nextData(on id: Int32, atMost limit: Int) -> HTTP2Session.Piece? {
        guard let body = bodies[id], !body.rest.isEmpty || body.isWhole else { return nil }
        let count = min(limit, body.rest.count)
        return HTTP2Session.Piece(count: count, isLast: body.isWhole && count == body.rest.count)
    }

    func move(_ count: Int, on id: Int32, into output: inout ByteBuffer) {
        output.writeBytes(bodies[id]?.rest.prefix(count) ?? [])
        bodies[id]?.rest.removeFirst(count)
    }
}
