/// How the bodies of requests with records are written.
public enum WireSetting: String, ConfigChoice {
    case json
    case cbor
    case auto
}
