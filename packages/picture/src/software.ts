/** The name that goes into Exif `Software` (tag 305) and `xmp:CreatorTool`: the product and its minor version. */
export const SOFTWARE = 'Photosite 0.1';
