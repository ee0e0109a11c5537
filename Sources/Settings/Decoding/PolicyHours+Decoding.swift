extension PolicyHours {
    /// Saturday and Sunday must be named like the other days: no day is excluded implicitly.
    init(_ reader: SectionReader) {
        let runs = reader.list("days", .days, default: [Day.allCases])
        days = Day.allCases.filter { day in runs.contains { $0.contains(day) } }
        from = reader.read("from", .clockTime, default: ClockTime(minutes: 0))
        to = reader.read("to", .clockTime, default: ClockTime(minutes: 1_440))
        zone = reader.read("zone", .zoneOffset, default: .utc)
        if reader.node("days")?.elements?.isEmpty == true {
            reader.report(.invalidValue, "days", "an empty list fits no day", hint: "name days or remove the key")
        }
        if from == to { reader.report(.invalidValue, "to", "the hours end when they begin", hint: "leave both out for whole days") }
    }
}

extension ScalarKind where Value == [PolicyHours.Day] {
    /// One day, or a range: `mon..fri`, also across the weekend: `fri..mon`.
    static var days: ScalarKind {
        simple(
            "a day such as mon, or several as mon..fri",
            render: { days in
                let first = days.first?.rawValue ?? ""
                return YAMLText.quote(days.count > 1 ? "\(first)..\(days.last?.rawValue ?? "")" : first)
            },
            parse: { text in
                let ends = text.split(separator: ".", omittingEmptySubsequences: true).compactMap { PolicyHours.Day(rawValue: String($0)) }
                if ends.count == 1, text == ends[0].rawValue { return ends }
                guard ends.count == 2, text == "\(ends[0].rawValue)..\(ends[1].rawValue)", ends[0] != ends[1] else { return nil }
                let all = PolicyHours.Day.allCases
                if ends[0].index < ends[1].index { return Array(all[ends[0].index...ends[1].index]) }
                return Array(all[ends[0].index...] + all[...ends[1].index])
            })
    }
}

extension ScalarKind where Value == ClockTime {
    static var clockTime: ScalarKind {
        simple("a time of the day in quotes, \"08:00\"", render: { "\"\($0)\"" }, parse: ClockTime.init(text:))
    }
}

extension ScalarKind where Value == ClockTime.ZoneOffset {
    static var zoneOffset: ScalarKind {
        simple("a distance from UTC in quotes, \"+08:00\", or UTC", render: { "\"\($0)\"" }, parse: ClockTime.ZoneOffset.init(text:))
    }
}
