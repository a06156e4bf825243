/** The name, in the partition table of an image, of the partition that holds the containers. */
export const PAYLOAD_PARTITION = 'payload'
