import NIOCore
import NIOHTTP1

/// How an exchange answers in the gateway's own name.
extension Exchange {
    func write(_ refusal: Refusal) {
        let body = RefusalBody.encode(refusal, requestID: record.requestID)
        let isHead = head?.method == .HEAD
        guard let downstream else { return }
        downstream.begin(refusal.head(record: record, length: body.readableBytes, isHead: isHead))
        if !isHead { _ = body.withUnsafeReadableBytes { downstream.write($0) } }
        downstream.end()
    }
}
