/// Answers that are files.
enum DownloadAnswer {
    /// The largest file that `large-<MiB>` can request, in MiB.
    static let largestPattern = 65_536

    /// A file with the configured headers and framing.
    static func file(_ body: ResponseBody, name: String, _ setting: DownloadSetting) -> SandboxResponse {
        var headers = [HeaderField("Content-Type", setting.contentType)]
        if setting.namesFile { headers.append(HeaderField("Content-Disposition", "attachment; filename=\"\(name)\"")) }
        return SandboxResponse(status: 200, headers: headers, body: body, framing: setting.framing)
    }

    /// The size that a file id such as `large-1024` stands for, or nil for an ordinary one.
    static func patternByteCount(_ fileID: String) -> Int? {
        guard fileID.hasPrefix("large-"), let mebibytes = Int(fileID.dropFirst(6)), (0...largestPattern).contains(mebibytes) else {
            return nil
        }
        return mebibytes * 1_048_576
    }

    /// The short text of the two operations that return other files.
    static func text(of operation: String) -> SandboxResponse {
        SandboxResponse(
            status: 200, headers: [HeaderField("Content-Type", "application/octet-stream")],
            body: .bytes(Array("#!/bin/sh\n# \(operation)\n".utf8)))
    }
}
