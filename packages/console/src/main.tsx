import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import './theme.css'

import { ApiFailure } from './api/client.ts'
import { keys } from './api/queries.ts'
import { App } from './app.tsx'
import { theme, variables } from './theme.ts'

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      // A session that ended shows at the first request; asking for it again leads to the sign-in page.
      if (error instanceof ApiFailure && error.status === 401 && query.queryKey[0] !== 'session') {
        void client.invalidateQueries({ queryKey: keys.session })
      }
    },
  }),
  defaultOptions: {
    queries: {
      // The hub may be on this machine: the browser's notion of being offline says nothing about it.
      networkMode: 'always',
      staleTime: 5_000,
      retry: (count, error) =>
        count < 2 && error instanceof ApiFailure && (error.status === 0 || error.status >= 500),
    },
  },
})

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      colorSchemeManager={localStorageColorSchemeManager({ key: 'sallyport-theme' })}
    >
      <QueryClientProvider client={client}>
        <App />
        <Notifications position="bottom-right" />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
