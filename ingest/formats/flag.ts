/** No kind of version 1 is that large: by its first byte a record tells whether it names its format. */
export const FORMAT_FLAG = 0x80;
