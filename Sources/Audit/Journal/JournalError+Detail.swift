extension JournalError {
    /// The error for an event's `detail`: a word and its values.
    var detail: FieldObject {
        switch self {
        case .directoryUnusable(_, let code): ["reason": "directory_unusable", "errno": .integer(Int64(code))]
        case .directoryInUse: ["reason": "directory_in_use"]
        case .otherNature(_, let began): ["reason": "other_nature", "began": .string(began.rawValue)]
        case .noResources(let code): ["reason": "no_resources", "errno": .integer(Int64(code))]
        case .cannotOpen(let segment, let code): ["reason": "cannot_open", "errno": .integer(Int64(code)), "segment": .string(segment)]
        case .cannotRead(let segment, let code): ["reason": "cannot_read", "errno": .integer(Int64(code)), "segment": .string(segment)]
        case .writeFailed(let segment, let code): ["reason": "write_failed", "errno": .integer(Int64(code)), "segment": .string(segment)]
        case .syncFailed(let segment, let code): ["reason": "sync_failed", "errno": .integer(Int64(code)), "segment": .string(segment)]
        case .segmentChanged(let segment, let change): ["reason": .string("segment_" + change.rawValue), "segment": .string(segment)]
        case .diskNearlyFull(let free): ["reason": "disk_nearly_full", "free_per_mille": .integer(Int64(free))]
        case .pendingLimitReached(let bytes): ["reason": "pending_limit_reached", "bytes": .integer(Int64(bytes))]
        case .recordTooLarge(let bytes): ["reason": "record_too_large", "bytes": .integer(Int64(bytes))]
        case .closed: ["reason": "closed"]
        }
    }
}
