import Foundation

@testable import Credentials

extension SigningTime {
    /// Reads `YYYYMMDDTHHMMSSZ` with the system's calendar, which shares no code with ours.
    init?(text: String) {
        let digits = text.filter(\.isNumber)
        guard digits.count == 14, let number = Int(digits) else { return nil }
        var fields = tm()
        fields.tm_year = Int32(number / 10_000_000_000 - 1900)
        fields.tm_mon = Int32(number / 100_000_000 % 100 - 1)
        fields.tm_mday = Int32(number / 1_000_000 % 100)
        fields.tm_hour = Int32(number / 10_000 % 100)
        fields.tm_min = Int32(number / 100 % 100)
        fields.tm_sec = Int32(number % 100)
        self.init(secondsSinceEpoch: Int64(timegm(&fields)))
    }
}
