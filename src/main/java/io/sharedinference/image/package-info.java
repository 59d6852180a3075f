@NullMarked
package io.sharedinference.image;

import org.jspecify.annotations.NullMarked;
