extension Record {
    /// What is kept of a request's body.
    package struct RequestBody: Sendable, RecordPart {
        /// Its length.
        package var bytes: Int
        /// Its digest.
        package var sha256: SHA256Hash?
        /// Its fields, if the configuration asks for them, secrets masked.
        package var fields: FieldValue?
        /// Its text, if the configuration asks for it, secrets masked.
        package var text: String?
        /// Whether part of it was left out of `fields` or `text` for its size.
        package var isTruncated = false

        /// Makes the record of a body.
        package init(bytes: Int, sha256: SHA256Hash? = nil, fields: FieldValue? = nil) {
            self.bytes = bytes
            self.sha256 = sha256
            self.fields = fields
        }

        @inline(__always)
        func visit(_ visitor: inout some RecordVisitor) {
            visitor.visit(.requestBytes, bytes)
            visitor.visit(.requestSHA256, sha256)
            visitor.visit(.requestFields, fields)
            visitor.visit(.requestText, text)
            visitor.visit(.requestTruncated, isTruncated ? true : nil)
        }
    }

    /// What is kept of a response's body: what the caller received, not what HSS meant to send.
    package struct ResponseBody: Sendable, RecordPart {
        /// How many bytes the caller received.
        package var bytes: Int
        /// Their digest; absent for reads.
        package var sha256: SHA256Hash?

        /// Makes the record of a body.
        package init(bytes: Int, sha256: SHA256Hash? = nil) {
            self.bytes = bytes
            self.sha256 = sha256
        }

        @inline(__always)
        func visit(_ visitor: inout some RecordVisitor) {
            visitor.visit(.responseBytes, bytes)
            visitor.visit(.responseSHA256, sha256)
        }
    }

    /// The call to HSS behind an exchange.
    package struct Upstream: Sendable, RecordPart {
        /// HSS's own `X-Request-Id`.
        package var requestID: String?
        /// How many times the request was sent.
        package var attempts: Int?
        /// Time until the connection was made; absent for a reused one.
        package var connect: Duration?
        /// Time until the first byte of the answer.
        package var firstByte: Duration?
        /// Time until the last byte of the answer.
        package var total: Duration?
        /// What went wrong, in the transport's fixed words.
        package var error: String?

        @inline(__always)
        func visit(_ visitor: inout some RecordVisitor) {
            visitor.visit(.upstreamRequestID, requestID)
            visitor.visit(.attempts, attempts)
            visitor.visit(.connect, connect)
            visitor.visit(.firstByte, firstByte)
            visitor.visit(.total, total)
            visitor.visit(.upstreamError, error)
        }
    }

    /// What joins the steps of one export: create, polls, download.
    package struct Export: Sendable, RecordPart {
        /// The task that HSS created.
        package var taskID: String? { didSet { taskID = taskID.map(Self.bounded) } }
        /// The file that the task produced.
        package var fileID: String? { didSet { fileID = fileID.map(Self.bounded) } }
        /// How many rows HSS announced.
        package var recordTotalNum: Int64?

        /// Makes the record of an export.
        package init(taskID: String? = nil, fileID: String? = nil, recordTotalNum: Int64? = nil) {
            self.taskID = taskID.map(Self.bounded)
            self.fileID = fileID.map(Self.bounded)
            self.recordTotalNum = recordTotalNum
        }

        /// The longest identifier that a record holds, bytes. The API's have at most 256 characters; a caller's path and an answer of HSS may contain
        /// any text, and readers of records (an index, a database) have limits of their own.
        package static let longestIdentifier = 512

        /// The identifier, or its beginning with a mark that the rest is missing. All of it is in `path`.
        private static func bounded(_ identifier: String) -> String {
            guard identifier.utf8.count > longestIdentifier else { return identifier }
            var kept = String.UnicodeScalarView()
            var bytes = 0
            for scalar in identifier.unicodeScalars {
                bytes += UTF8.width(scalar)
                guard bytes <= longestIdentifier - 3 else { break }
                kept.append(scalar)
            }
            return String(kept) + "…"
        }

        @inline(__always)
        func visit(_ visitor: inout some RecordVisitor) {
            visitor.visit(.taskID, taskID)
            visitor.visit(.fileID, fileID)
            visitor.visit(.recordTotalNum, recordTotalNum)
        }
    }

    /// Which gateway wrote a record, and under which configuration.
    package struct Gateway: Sendable, RecordPart, Hashable {
        /// The instance's name.
        package var instance: String
        /// The program's version.
        package var version: String
        /// The digest of the effective configuration.
        package var configSHA256: String

        /// Makes a gateway's tag.
        package init(instance: String, version: String, configSHA256: String) {
            self.instance = instance
            self.version = version
            self.configSHA256 = configSHA256
        }

        @inline(__always)
        func visit(_ visitor: inout some RecordVisitor) {
            visitor.visit(.instance, instance)
            visitor.visit(.version, version)
            visitor.visit(.configSHA256, configSHA256)
        }
    }
}

// In an extension for the same reason as `Record`'s initialisers.
extension Record.Upstream {
    /// Makes a call that is filled in as it proceeds.
    package init(requestID: String? = nil, attempts: Int? = nil) {
        self.init(requestID: requestID, attempts: attempts, error: nil)
    }

    /// Makes a call that has ended: its connection, its answer's first byte and its end, in microseconds.
    package init(
        requestID: String?, attempts: Int, connectMicroseconds connect: Int?, firstByteMicroseconds firstByte: Int?,
        totalMicroseconds total: Int, error: String?
    ) {
        self.init(
            requestID: requestID, attempts: attempts, connect: connect.map { .microseconds($0) },
            firstByte: firstByte.map { .microseconds($0) }, total: .microseconds(total), error: error)
    }
}
