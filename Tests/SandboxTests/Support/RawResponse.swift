import Foundation

/// A response as read, complete or cut.
struct RawResponse {
    var status: Int
    var headers: [(name: String, value: String)]
    var body: [UInt8]
    /// Whether all bytes that the framing announced came.
    var isComplete: Bool

    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }

    var text: String { String(decoding: body, as: UTF8.self) }

    var json: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]) ?? [:] }

    /// Reads one response; nil when not even a head came.
    init?(from connection: RawConnection, isHead: Bool = false) {
        guard let head = connection.take(through: "\r\n\r\n") else { return nil }
        let lines = String(decoding: head, as: UTF8.self).components(separatedBy: "\r\n").filter { !$0.isEmpty }
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        self.status = status
        headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (String(parts[0]), parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : "")
        }
        (body, isComplete) = ([], true)
        if isHead || status == 204 { return }
        if let length = header("Content-Length").flatMap(Int.init) {
            body = connection.take(count: length)
            isComplete = body.count == length
        } else {
            isComplete = readChunks(connection)
        }
    }

    private mutating func readChunks(_ connection: RawConnection) -> Bool {
        while true {
            guard let line = connection.take(through: "\r\n") else { return false }
            guard let size = Int(String(decoding: line.dropLast(2), as: UTF8.self), radix: 16) else { return false }
            let piece = connection.take(count: size + 2)
            guard piece.count == size + 2 else { return false }
            if size == 0 { return true }
            body += piece.dropLast(2)
        }
    }
}
