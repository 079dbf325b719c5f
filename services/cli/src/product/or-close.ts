import type { Product } from './open-product.ts'

/** What starts over an opened product; if it fails, the product is closed before the failure is told. */
export const orClose = async <T>(product: Pick<Product, 'close'>, start: () => Promise<T>): Promise<T> => {
  try {
    return await start()
  } catch (error) {
    await product.close().catch(() => undefined)
    throw error
  }
}
