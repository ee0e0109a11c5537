/// When a rule of the policy applies.
package struct PolicyHours: Sendable, Hashable {
    package enum Day: String, Sendable, Hashable, CaseIterable {
        case mon, tue, wed, thu, fri, sat, sun

        /// 0 for Monday.
        package var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    package let days: [Day]
    package let from: ClockTime
    package let to: ClockTime
    package let zone: ClockTime.ZoneOffset
}
