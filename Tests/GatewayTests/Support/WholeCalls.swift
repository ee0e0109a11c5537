import Foundation

/// `send` and `recv` that a signal doesn't interrupt. On a socket with a timeout, a handled signal, or even one that only stopped the process
/// for a while (signal(7)), otherwise looks like a failure.
enum WholeCalls {
    /// Sends the whole text, while the peer accepts it.
    static func send(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = Foundation.send(descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                sent += count
            }
        }
    }

    /// The next bytes; nil at the connection's end, whether a close, a reset or the timeout.
    static func receive(from descriptor: Int32) -> [UInt8]? {
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &piece, piece.count, 0)
            if count < 0, errno == EINTR { continue }
            return count > 0 ? Array(piece[..<count]) : nil
        }
    }
}
