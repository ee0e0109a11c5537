import Codecs
import Inquiry
import NIOHTTP1

/// The answer to `POST /-/reload`: 200 with the configuration now in force, or 422 with the reason why the
/// old one stays.
struct ReloadAnswer {
    let status: HTTPResponseStatus
    let text: String

    init(_ outcome: ConfigurationStatus.ReloadOutcome) {
        var json = JSONWriter()
        json.open()
        switch outcome {
        case .reloaded(let configuration):
            status = .ok
            json.member("status", "reloaded")
            json.member("generation", Int64(configuration.generation))
            json.member("config_sha256", configuration.digest)
        case .refused(let reason):
            status = .unprocessableEntity
            json.member("status", "refused")
            json.member("reason", reason)
        }
        json.close()
        text = String(decoding: json.bytes, as: UTF8.self) + "\n"
    }
}
