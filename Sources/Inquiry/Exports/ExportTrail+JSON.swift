import Audit
package import Codecs

extension ExportTrail {
    /// The most polls whose times are listed individually: the first and the last ones.
    private static let mostTimes = 100

    /// Most names of others who fetched the file.
    private static let mostNames = 100

    /// The trail as one JSON object.
    ///
    /// - Parameter withRecords: adds each record as it is in the journal.
    package func write(to json: inout JSONWriter, withRecords: Bool) {
        json.open()
        writeSummary(to: &json)
        json.list("downloads", downloads, writeDownload)
        writeCoverage(to: &json)
        if !isComplete { Self.writeIncompleteness(to: &json) }
        if withRecords { json.records(steps.map(\.record)) }
        json.close()
    }

    /// A part of the trail as one JSON object: some downloads, with their records and those of the creation. Each part also has the totals of all
    /// downloads, so that one part is enough to see who fetched the file and how far it is signed.
    ///
    /// - Parameters:
    ///   - first: where in `downloads` the part begins.
    ///   - next: where the next part begins, made of the last download of this one.
    package func write(to json: inout JSONWriter, from first: Int, limit: Int, next: (JournalRecord) -> RecordCursor) {
        let part = downloads.dropFirst(first).prefix(limit)
        json.open()
        writeSummary(to: &json)
        json.list("downloads", part, writeDownload)
        json.member("download_count", Int64(downloads.count))
        json.member("whole_downloads", Int64(wholeDownloads))
        json.list("other_downloaders", foreignDownloaders.prefix(Self.mostNames)) { json, name in json.value(name) }
        json.list("journals", Dictionary(grouping: steps, by: \.record.instance).sorted { ($0.key ?? "") < ($1.key ?? "") }) { json, journal in
            json.object { json in
                json.member("instance", journal.key)
                json.member("records", Int64(journal.value.count))
                json.member("last_seq", Int64(clamping: journal.value.lazy.map(\.record.sequence).max() ?? 0))
            }
        }
        writeCoverage(to: &json)
        if !isComplete { Self.writeIncompleteness(to: &json) }
        json.records((creation.map { [$0] } ?? []) + part)
        if let last = part.last, part.endIndex < downloads.endIndex { json.member("next_cursor", next(last).description) }
        json.close()
    }

    private static func writeIncompleteness(to json: inout JSONWriter) {
        json.key("complete")
        json.value(false)
    }

    private func writeDownload(_ json: inout JSONWriter, _ download: JournalRecord) {
        Self.write(download, to: &json) { json in
            json.key("whole")
            json.value(isWhole(download))
            json.member("part", download.contentRange?.text)
            json.member("file_id", download[.fileID])
            json.member("bytes", download.integer(.responseBytes))
            json.member("sha256", download[.responseSHA256])
            json.member("error", download[.upstreamError])
        }
    }

    private func writeSummary(to json: inout JSONWriter) {
        json.member("task_id", taskID)
        json.member("state", state.rawValue)
        json.member("waited_us", waited)
        json.member("record_total_num", rows)
        json.list("file_ids", fileIDs) { json, id in json.value(id) }
        if let creation {
            json.key("created")
            Self.write(creation, to: &json) { json in
                json.member("operation", creation[.operation])
                json.member("project", creation[.projectName])
                json.member("project_id", creation[.projectID])
                json.member("enterprise_project_id", creation[.enterpriseValue])
                json.object("asked_for") { json in
                    json.member("query", creation[.query])
                    json.member("body_bytes", creation.integer(.requestBytes))
                    json.member("body_sha256", creation[.requestSHA256])
                    if let fields = creation.raw(.requestFields) {
                        json.key("body")
                        json.raw(fields)
                    }
                }
            }
        }
        json.object("polls") { json in
            json.member("count", Int64(polls.count))
            json.member("first", polls.first?[.time])
            json.member("last", polls.last?[.time])
            json.list("at", polls.prefix(Self.mostTimes / 2) + polls.dropFirst(Self.mostTimes / 2).suffix(Self.mostTimes / 2)) { json, poll in
                json.value(poll[.time] ?? "")
            }
        }
    }

    /// Whether another gateway may have recorded more steps, and how far each gateway's records had been copied.
    private func writeCoverage(to json: inout JSONWriter) {
        guard mayHaveMore || isOfCopies else { return }
        json.key("may_have_more")
        json.value(mayHaveMore)
        guard case .copies(let members, let time) = coverage else { return }
        json.list("shipped", members) { json, member in
            json.object { json in
                json.member("instance", member.instance)
                json.member("last_seq", member.end - 1)
                json.member("newest", member.newest.description)
                json.member("behind_seconds", member.age(at: time))
            }
        }
    }

    private var isOfCopies: Bool {
        if case .copies = coverage { true } else { false }
    }

    /// What is written for each step: who, when, why, and how it ended.
    private static func write(_ record: JournalRecord, to json: inout JSONWriter, _ more: (inout JSONWriter) -> Void) {
        json.open()
        json.member("instance", record.instance)
        json.member("seq", Int64(record.sequence))
        json.member("id", record[.id])
        json.member("time", record[.time])
        json.member("caller", record[.callerName])
        json.member("address", record[.callerAddress])
        json.member("reason", record[.reason])
        json.member("rule", record[.rule])
        json.member("outcome", record[.outcome])
        json.member("status", record.integer(.status))
        json.member("error_code", record[.errorCode])
        more(&json)
        json.close()
    }
}
