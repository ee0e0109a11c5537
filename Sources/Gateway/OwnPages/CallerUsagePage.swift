import Audit
import Catalogue
import Codecs
import NIOCore
import Policy
import Recollection

/// `/-/usage`: the limits of a caller, what is used and left of them, and the queue positions of its waiting requests.
struct CallerUsagePage {
    let caller: Caller
    /// Nil when nothing is limited.
    let limited: LimitedCaller?
    /// Exports made today, including those under way.
    let exports: Int
    /// Whether the gateway shares its counts with others, so that these figures are only this gateway's share.
    let isFleet: Bool
    let time: Timestamp
    let queue: [(operation: Int, standing: OperationLine.PlaceInLine)]

    var answer: OwnAnswer {
        var json = JSONWriter(capacity: 1_024)
        let limits = caller.limits
        let rate = limited?.rate(at: Int64(NIODeadline.now().uptimeNanoseconds))
        let underWay = limited?.underWay
        json.object { json in
            json.member("caller", caller.name)
            json.member("time", time.description)
            json.member("scope", isFleet ? "gateway" : "all")
            json.object("limits") { json in
                json.member("requests_per_second", limits?.requestsPerSecond)
                json.member("burst", limits?.requestsPerSecond.map { limits?.burst ?? $0 })
                json.member("concurrent", limits?.concurrent)
                json.member("exports_per_day", limits?.exportsPerDay)
            }
            json.object("used") { json in
                json.member("burst", rate.map { $0.burst - $0.left })
                json.member("concurrent", underWay)
                json.member("exports_per_day", exports)
            }
            json.object("left") { json in
                json.member("burst", rate?.left)
                json.member("concurrent", limits?.concurrent.map { max(0, $0 - (underWay ?? 0)) })
                json.member("exports_per_day", limits?.exportsPerDay.map { max(0, $0 - exports) })
            }
            json.object("resets_in_seconds") { json in
                json.member("burst", rate?.secondsUntilFull)
                json.member("exports_per_day", ExportCounts.secondsUntilNextDay(from: time))
            }
            json.list("queue", queue) { json, place in
                json.object { json in
                    json.member("operation", Operation(index: place.operation).name)
                    json.member("position", place.standing.position)
                    json.member("estimate_ms", Int(place.standing.estimate / .milliseconds(1)))
                }
            }
        }
        json.newline()
        return OwnAnswer(type: "application/json", bytes: json.bytes)
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ number: Int?) { member(name, number.map { Int64($0) }) }
}
