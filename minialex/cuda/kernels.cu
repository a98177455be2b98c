// The kernels of minialex.cuda: what each thread of the GPU computes. Read them beside the layers of minialex/layers/.
//
// One thread computes one element of the output, reads whatever it needs and writes nothing else. No memory is shared
// between threads, nothing is added atomically, no thread waits for another. So the order of the threads does not
// matter, every run gives the same bits, and a plain loop over the threads computes the same on a CPU: the tests do.
//
// Maps are stored (H, C, W, N), images innermost, as in minialex/fast/layout.py. The 32 threads of a warp have
// neighbouring images, so that what they read together is one run of memory, whatever the stride of a window.
//
// Names are the textbook's: x, y, dy, dx, a row h, a channel c, a column w, an image n; OH and OW are the sides of y.

typedef REAL real;  // float, or double for gradient checks: an option of the compiler, see launch.py

// This thread's element of maps with rows of W * N elements: the grid has a row of the map in z and a channel in y, so
// that only w and n need a division.
#define ELEMENT_OF_MAPS(W, N)                                                    \
  const int h = blockIdx.z, c = blockIdx.y;                                      \
  const int w = (blockIdx.x * blockDim.x + threadIdx.x) / N;                     \
  const int n = (blockIdx.x * blockDim.x + threadIdx.x) % N;                     \
  if (w >= W) return; /* the last block may reach over the end of the row */

// This thread's element of any array of that size, where its coordinates do not matter.
#define ELEMENT(size)                                                            \
  const long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;          \
  if (i >= size) return;

// Where an element of maps (H, C, W, N) lies. 64 bits: a large batch has more than 2^31 elements.
__device__ long long at(int h, int c, int w, int n, int C, int W, int N) {
  return (((long long)h * C + c) * W + w) * N + n;
}

// The input of a net: a window of each image, minus that of the mean image, reflected or not, its colour shifted.
// drawn (N, 3 + C): the window's top and left, whether it is reflected, the shifts. Grid: 1; C; N * OH * OW.
extern "C" __global__ void inputs(
    real* y, const unsigned char* x, const real* mean, const real* std, const real* drawn, real shrink,
    int N, int H, int W, int OH, int OW) {
  ELEMENT((long long)N * OH * OW)
  const int c = blockIdx.y, C = gridDim.y, n = i / (OH * OW), oh = i / OW % OH, ow = i % OW;
  const real* own = drawn + (3 + C) * n;
  const int h = int(own[0]) + oh, w = int(own[1]) + (own[2] != 0 ? OW - 1 - ow : ow);
  const long long pixel = ((long long)c * H + h) * W + w, image = (long long)n * C * H * W;
  const real value = x[image + pixel] - mean[pixel] + own[3 + c];
  y[(((long long)n * C + c) * OH + oh) * OW + ow] = value / shrink / std[c];
}

// -- convolution: the two ends of it; the products between them are cuBLAS's, see conv.py ---------------------------

// u (groups, rows, C/groups, K, OW, N), rows = before + H + after: x unfolded along its columns only,
//
//     u[g, r, c, j, ow] = x[r - before, g * C/groups + c, stride * ow + j - before], and 0 outside of x
//
// Grid: rows; C * K; OW * N. x comes with the distance of its neighbours in memory, in elements, along h, c, w and n:
// images as they are loaded, (N, C, H, W), are read without being copied first. A negative `before` crops.
extern "C" __global__ void unfold(
    const real* x, real* u, int H, int W, int N, int OW, int K, int stride, int before, int rows, int per_group,
    long long x_h, long long x_c, long long x_w, long long x_n) {
  const int r = blockIdx.z, channel = blockIdx.y / K, j = blockIdx.y % K;
  const int ow = (blockIdx.x * blockDim.x + threadIdx.x) / N, n = (blockIdx.x * blockDim.x + threadIdx.x) % N;
  if (ow >= OW) return;
  const int g = channel / per_group, h = r - before, w = stride * ow + j - before;
  const bool inside = h >= 0 && h < H && w >= 0 && w < W;
  u[at(g * rows + r, channel % per_group * K + j, ow, n, per_group * K, OW, N)] =
      inside ? x[h * x_h + channel * x_c + w * x_w + n * x_n] : 0;
}

// The transpose of unfold, for the gradient with respect to x at strides above 1: element w of a row was copied to
// every (j, ow) with stride * ow + j - before = w, so it collects the gradients of these. Grid: H; C; W * N.
extern "C" __global__ void fold(
    const real* du, real* dx, int W, int N, int OW, int K, int stride, int before, int rows, int per_group) {
  ELEMENT_OF_MAPS(W, N)
  const int g = c / per_group, r = h + before;
  real sum = 0;
  for (int j = (w + before) % stride; j < K && j <= w + before; j += stride) {
    const int ow = (w + before - j) / stride;
    if (ow < OW) sum += du[at(g * rows + r, c % per_group * K + j, ow, n, per_group * K, OW, N)];
  }
  dx[at(h, c, w, n, gridDim.y, W, N)] = sum;
}

// dW[o, c, i, j] = the sum over the rows oh of y of parts[oh, o, i, c, j], always in this order. Grid: 1; O; C * K * K.
extern "C" __global__ void sum_of_rows(const real* parts, real* dW, int OH, int O, int C, int K) {
  const int o = blockIdx.y, tap = blockIdx.x * blockDim.x + threadIdx.x;
  if (tap >= C * K * K) return;
  const int c = tap / (K * K), i = tap / K % K, j = tap % K;
  real sum = 0;
  for (int oh = 0; oh < OH; ++oh) sum += parts[at(oh * O + o, i, c, j, K, C, K)];
  dW[(long long)o * C * K * K + tap] = sum;
}

// This thread's element of maps or vectors of which only the channel matters. Grid: rows; channels; elements of a row.
#define ELEMENT_OF_CHANNEL(row)                                                  \
  const int c = blockIdx.y, in_row = blockIdx.x * blockDim.x + threadIdx.x;      \
  if (in_row >= row) return;                                                     \
  const long long i = ((long long)blockIdx.z * gridDim.y + c) * row + in_row;

// y[h, o, :] += b[o], of convolutional and dense layers.
extern "C" __global__ void add_bias(real* y, const real* b, int row) {
  ELEMENT_OF_CHANNEL(row)
  y[i] += b[c];
}

// -- local response normalization: b = a / (k + alpha * sum of a * a over the window) ** beta -----------------------

struct Range { int first, last; };

// What of a window, `half` to either side of its middle, lies in begin .. end - 1.
__device__ Range around(int middle, int half, int begin, int end) {
  return {max(begin, middle - half), min(end - 1, middle + half)};
}

// The window of channel c of its group, of row h and column w. Across channels it has no pixels beside its own
// (pixels = 0), within maps no other channels (channels = 0).
#define WINDOW                                                                                             \
  const int group = c / per_group * per_group;                                                             \
  const Range cs = around(c, channels, group, group + per_group);                                          \
  const Range hs = around(h, pixels, 0, H), ws = around(w, pixels, 0, W);

// Grid of both: H; C; W * N.
extern "C" __global__ void lrn_forward(
    const real* a, real* b, real* scale, int H, int C, int W, int N, int per_group, int channels, int pixels,
    real k, real alpha, real beta) {
  ELEMENT_OF_MAPS(W, N)
  WINDOW
  real sum = 0;
  for (int r = hs.first; r <= hs.last; ++r)
    for (int j = cs.first; j <= cs.last; ++j)
      for (int v = ws.first; v <= ws.last; ++v) {
        const real value = a[at(r, j, v, n, C, W, N)];
        sum += value * value;
      }
  const long long here = at(h, c, w, n, C, W, N);
  scale[here] = k + alpha * sum;
  b[here] = a[here] * pow(k + alpha * sum, -beta);
}

// The elements in whose windows this one lies are those of its own window: the derivation is in layers/lrn.py.
extern "C" __global__ void lrn_backward(
    const real* db, const real* a, const real* b, const real* scale, real* da, int H, int C, int W, int N,
    int per_group, int channels, int pixels, real alpha, real beta) {
  ELEMENT_OF_MAPS(W, N)
  WINDOW
  real sum = 0;
  for (int r = hs.first; r <= hs.last; ++r)
    for (int j = cs.first; j <= cs.last; ++j)
      for (int v = ws.first; v <= ws.last; ++v) {
        const long long there = at(r, j, v, n, C, W, N);
        sum += db[there] * b[there] / scale[there];
      }
  const long long here = at(h, c, w, n, C, W, N);
  da[here] = db[here] * pow(scale[here], -beta) - 2 * alpha * beta * a[here] * sum;
}

// -- pooling --------------------------------------------------------------------------------------------------------
//
// Forward, each element of y looks at its window. Backward, each element of x looks at the windows that it is in, from
// the last to the first: windows may overlap, and a thread that added its dy to several dx would need atomic additions,
// whose order, and so the last bits of dx, would change from run to run.

// The maximum and which tap of the window it is, i * K + j, in one byte: all that backward needs. Of equal values the
// first wins, and nan wins over any number, as in NumPy. Grid: OH; C; OW * N.
extern "C" __global__ void maxpool_forward(
    const real* x, real* y, unsigned char* tap, int H, int C, int W, int N, int OW, int K, int stride) {
  ELEMENT_OF_MAPS(OW, N)
  real best = 0;
  int winner = -1;  // none yet
  for (int i = 0; i < K && stride * h + i < H; ++i)
    for (int j = 0; j < K && stride * w + j < W; ++j) {  // a window may be clipped at the edge (ceil)
      const real value = x[at(stride * h + i, c, stride * w + j, n, C, W, N)];
      const bool first_nan = value != value && best == best;
      if (winner < 0 || value > best || first_nan) best = value, winner = i * K + j;
    }
  y[at(h, c, w, n, C, OW, N)] = best;
  tap[at(h, c, w, n, C, OW, N)] = winner;
}

// Grid: H; C; W * N.
extern "C" __global__ void maxpool_backward(
    const real* dy, const unsigned char* tap, real* dx, int C, int W, int N, int OH, int OW, int K, int stride) {
  ELEMENT_OF_MAPS(W, N)
  real sum = 0;
  for (int oh = h / stride; oh >= 0 && h - stride * oh < K; --oh)
    for (int ow = w / stride; ow >= 0 && w - stride * ow < K; --ow) {
      if (oh >= OH || ow >= OW) continue;  // no window begins there: the rest of the map that stride leaves over
      const long long out = at(oh, c, ow, n, C, OW, N);
      if (tap[out] == (h - stride * oh) * K + (w - stride * ow)) sum += dy[out];
    }
  dx[at(h, c, w, n, C, W, N)] = sum;
}

// Elements of the map in the window that begins at row h and column w: fewer than K * K at the edge (ceil).
__device__ int area(int h, int w, int H, int W, int K) { return min(K, H - h) * min(K, W - w); }

// Grid: OH; C; OW * N.
extern "C" __global__ void avgpool_forward(
    const real* x, real* y, int H, int C, int W, int N, int OW, int K, int stride) {
  ELEMENT_OF_MAPS(OW, N)
  real sum = 0;
  for (int i = 0; i < K && stride * h + i < H; ++i)
    for (int j = 0; j < K && stride * w + j < W; ++j) sum += x[at(stride * h + i, c, stride * w + j, n, C, W, N)];
  y[at(h, c, w, n, C, OW, N)] = sum / area(stride * h, stride * w, H, W, K);
}

// Grid: H; C; W * N.
extern "C" __global__ void avgpool_backward(
    const real* dy, real* dx, int H, int C, int W, int N, int OH, int OW, int K, int stride) {
  ELEMENT_OF_MAPS(W, N)
  real sum = 0;
  for (int oh = h / stride; oh >= 0 && h - stride * oh < K; --oh)
    for (int ow = w / stride; ow >= 0 && w - stride * ow < K; --ow)
      if (oh < OH && ow < OW) sum += dy[at(oh, c, ow, n, C, OW, N)] / area(stride * oh, stride * ow, H, W, K);
  dx[at(h, c, w, n, C, W, N)] = sum;
}

// -- batch normalization: sums over a channel are CuPy's, what is summed and what follows is here -------------------

// The terms of the variance: of centred values, since sums of squares lose all digits far from 0.
extern "C" __global__ void centred_squares(const real* x, const real* mean, real* squares, int row) {
  ELEMENT_OF_CHANNEL(row)
  squares[i] = (x[i] - mean[c]) * (x[i] - mean[c]);
}

// y = factor * (x - mean) + b, where factor = W / sqrt(var + eps).
extern "C" __global__ void normalize(
    const real* x, const real* mean, const real* factor, const real* b, real* y, int row) {
  ELEMENT_OF_CHANNEL(row)
  y[i] = factor[c] * (x[i] - mean[c]) + b[c];
}

// The terms of the gradient with respect to W, but for the factor 1 / sqrt(var + eps) of the channel.
extern "C" __global__ void times_centred(const real* dy, const real* x, const real* mean, real* terms, int row) {
  ELEMENT_OF_CHANNEL(row)
  terms[i] = dy[i] * (x[i] - mean[c]);
}

// dx = factor * (dy - shift - slope * (x - mean)): shift and slope are the mean of dy and its part along x, and 0 where
// mean and variance are constants. The derivation is in variants/batchnorm.py.
extern "C" __global__ void normalize_backward(
    const real* dy, const real* x, const real* mean, const real* factor, const real* shift, const real* slope,
    real* dx, int row) {
  ELEMENT_OF_CHANNEL(row)
  dx[i] = factor[c] * (dy[i] - shift[c] - slope[c] * (x[i] - mean[c]));
}

// -- element by element: the derivatives are written by y, so that x need not be kept -------------------------------

extern "C" __global__ void relu_forward(const real* x, real* y, long long size) {
  ELEMENT(size)
  y[i] = x[i] <= 0 ? 0 : x[i];  // in this form nan stays nan
}

extern "C" __global__ void relu_backward(const real* dy, const real* y, real* dx, long long size) {
  ELEMENT(size)
  dx[i] = y[i] > 0 ? dy[i] : 0;
}

extern "C" __global__ void tanh_forward(const real* x, real* y, long long size) {
  ELEMENT(size)
  y[i] = tanh(x[i]);
}

extern "C" __global__ void tanh_backward(const real* dy, const real* y, real* dx, long long size) {
  ELEMENT(size)
  dx[i] = dy[i] * (1 - y[i] * y[i]);
}

// (1 + tanh(x / 2)) / 2 is the logistic function, and cannot overflow as exp(-x) can.
extern "C" __global__ void sigmoid_forward(const real* x, real* y, long long size) {
  ELEMENT(size)
  y[i] = (1 + tanh(x[i] / 2)) / 2;
}

extern "C" __global__ void sigmoid_backward(const real* dy, const real* y, real* dx, long long size) {
  ELEMENT(size)
  dx[i] = dy[i] * y[i] * (1 - y[i]);
}

// Dropout, forward and backward alike. `keep` was drawn on the host: a run on a GPU drops the same units as one there.
extern "C" __global__ void dropout(const real* x, const bool* keep, real* y, real scale, long long size) {
  ELEMENT(size)
  y[i] = keep[i] ? scale * x[i] : 0;
}
