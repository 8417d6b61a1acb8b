/** Everything from here, nothing inline, in nobody's frame. No upgrade to https: a station on a ward's net has none. */
export const SECURITY_HEADERS = {
  // Whether all of a host is https is for who runs it, and its proxy, to say.
  strictTransportSecurity: false,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
} as const;
